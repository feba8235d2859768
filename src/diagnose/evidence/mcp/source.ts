import type { Tool } from '@modelcontextprotocol/sdk/types.js';
import type { Clock, EpochMs, Locale } from '../../../types.ts';
import type { JsonObject } from '../../json.ts';
import { SourceFailed, failureFinding, oneLine } from '../failure.ts';
import type { About, EvidenceSource, Finding } from '../source.ts';
import type { McpServer, McpTool } from './config.ts';
import { createConnection } from './connection.ts';
import { BEFORE_MS, type Filled, fillPlaces } from './places.ts';
import { type Said, textOf } from './tool-text.ts';
import { type CallableTool, callable } from './tools.ts';

export interface McpDeps {
  readonly server: McpServer;
  readonly fetch: typeof fetch;
  readonly clock: Clock;
}

export interface McpSource extends EvidenceSource {
  /** The listed tools that the server has and that may be called. Rejects with `SourceFailed`. */
  tools(signal: AbortSignal): Promise<readonly CallableTool[]>;
  close(): Promise<void>;
}

const TIMEOUT_MS = 20_000;
/** What a server says of its tools is asked again after this. */
const FRESH_MS = 5 * 60_000;

/**
 * Asks a server's listed tools about an incident. None but listed tools are ever called, and none of which the server
 * itself says that it changes something.
 */
export function createMcpSource({ server, fetch, clock }: McpDeps): McpSource {
  const connection = createConnection({ server, fetch });
  const name = `mcp:${server.name}`;
  let known: { readonly tools: ReadonlyMap<string, Tool>; readonly at: EpochMs } | undefined;

  async function listed(signal: AbortSignal): Promise<ReadonlyMap<string, Tool>> {
    if (known !== undefined && clock.now() - known.at < FRESH_MS) return known.tools;
    const tools = await connection.tools(signal);
    known = { tools: new Map(tools.map((tool) => [tool.name, tool])), at: clock.now() };
    return known.tools;
  }

  async function ask(tool: string, input: JsonObject, signal: AbortSignal): Promise<Said> {
    const said = textOf(await connection.call(tool, input, signal));
    if (said.isError) throw new SourceFailed(name, { kind: 'other', said: oneLine(said.text) });
    return said;
  }

  return {
    name,
    timeoutMs: TIMEOUT_MS,
    collect: async (about, signal) => {
      const asked = server.tools
        .filter(({ families }) => families?.includes(about.family) ?? true)
        .map((tool) => ({ tool, filled: fillPlaces(tool.arguments, about) }))
        // What the alert does not say cannot be asked about.
        .filter(({ filled }) => filled.ok || filled.reason !== 'missing');
      if (asked.length === 0) return [];
      const there = await listed(signal);
      const question = (tool: McpTool, filled: Filled): Question => ({
        source: name,
        tool: tool.name,
        filled,
        standing: standingOf(there.get(tool.name)),
        ask: (input) => ask(tool.name, input, signal),
      });
      return Promise.all(asked.map(({ tool, filled }) => collectOne(question(tool, filled), about)));
    },
    tools: async (signal) => {
      const there = await listed(signal);
      return server.tools.flatMap((tool) => {
        const own = there.get(tool.name);
        if (own === undefined || standingOf(own) !== 'ready') return [];
        return [callable(server.name, tool, own, (input, stop) => ask(tool.name, input, stop))];
      });
    },
    check: async (signal, locale) => {
      const there = await listed(signal);
      return server.tools.flatMap(({ name: tool }) => {
        const standing = standingOf(there.get(tool));
        return standing === 'ready' ? [] : [{ text: WORDS[locale][standing](tool) }];
      });
    },
    close: connection.close,
  };
}

type Standing = 'ready' | 'absent' | 'changes';

/** What the server itself says of a tool; one that says nothing is taken as it was declared to us. */
function standingOf(tool: Tool | undefined): Standing {
  if (tool === undefined) return 'absent';
  const { destructiveHint, readOnlyHint } = tool.annotations ?? {};
  return destructiveHint === true || readOnlyHint === false ? 'changes' : 'ready';
}

interface Words {
  readonly empty: string;
  absent(tool: string): string;
  changes(tool: string): string;
  unsafe(place: string): string;
}

const WORDS: Readonly<Record<Locale, Words>> = {
  'zh-CN': {
    empty: '没有返回内容',
    absent: (tool) => `服务器没有工具 ${tool}：请检查 MCP_SERVERS`,
    changes: (tool) => `服务器说工具 ${tool} 会改动数据，因此不调用：请把它从 MCP_SERVERS 里去掉`,
    unsafe: (place) => `没有查询：告警里的 ${place} 含有不能写进查询语句的字符`,
  },
  'en-US': {
    empty: 'It returned nothing',
    absent: (tool) => `The server has no tool ${tool}: check MCP_SERVERS`,
    changes: (tool) =>
      `The server says that its tool ${tool} changes things: it is not called; take it out of MCP_SERVERS`,
    unsafe: (place) => `Not asked: the alert's ${place} has characters that no query should be made of`,
  },
};

interface Question {
  readonly source: string;
  readonly tool: string;
  readonly filled: Filled;
  readonly standing: Standing;
  ask(input: JsonObject): Promise<Said>;
}

async function collectOne({ source, tool, filled, standing, ask }: Question, about: About): Promise<Finding> {
  const { startedAt, now, locale } = about;
  const words = WORDS[locale];
  const failed = (error: unknown): Finding => failureFinding(source, error, about, tool);
  if (standing !== 'ready') return { ...failed(undefined), text: words[standing](tool) };
  if (!filled.ok) return { ...failed(undefined), text: words.unsafe(filled.place) };
  const query = `${tool} ${JSON.stringify(filled.arguments)}`.slice(0, 600).toWellFormed();
  try {
    const { text, cut } = await ask(filled.arguments);
    const range = { from: startedAt - BEFORE_MS, to: now };
    const finding = { source, title: `${source} · ${tool}`, query, at: now, range };
    if (text === '') return { ...finding, text: words.empty, relevance: 0.2 };
    return { ...finding, text, ...(cut ? { cut: true } : {}) };
  } catch (error) {
    return { ...failed(error), query };
  }
}
