import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import type { CallToolResult, Tool } from '@modelcontextprotocol/sdk/types.js';
import type { JsonObject } from '../../json.ts';
import { failureOf, isLost } from './faults.ts';
import type { McpServer } from './config.ts';
import { createTransport } from './transport.ts';

/** Starting a program may take a while the first time. */
const CONNECT_MS = 15_000;
const CALL_MS = 15_000;
const END_MS = 1000;
const MOST_PAGES = 10;

export interface McpConnection {
  /** All tools of the server, by its own account. Rejects with `SourceFailed`. */
  tools(signal: AbortSignal): Promise<readonly Tool[]>;
  /** Rejects with `SourceFailed`; a result that says `isError` is a result. */
  call(tool: string, input: JsonObject, signal: AbortSignal): Promise<CallToolResult>;
  /** Ends the session or the program. */
  close(): Promise<void>;
}

export interface ConnectionDeps {
  readonly server: McpServer;
  readonly fetch: typeof fetch;
}

/** A connection that is made when first needed, kept, and made anew when it was lost. */
export function createConnection({ server, fetch }: ConnectionDeps): McpConnection {
  let current: Promise<Open> | undefined;

  const open = (): Promise<Open> => {
    const made = connect(server, fetch, () => {
      if (current === made) current = undefined;
    });
    current = made;
    return made;
  };

  async function ask<T>(question: (open: Open) => Promise<T>, signal: AbortSignal): Promise<T> {
    const [kept, isKept] = [current ?? open(), current !== undefined];
    const answer = (one: Promise<Open>): Promise<T> =>
      before(
        signal,
        one.then((ready) => Promise.race([question(ready), ready.broken])),
      );
    try {
      // Nothing that is asked changes anything, so what a lost connection swallowed is asked once more.
      return await answer(kept).catch((error: unknown) => {
        if (!isKept || signal.aborted || !isLost(error)) throw error;
        forget(kept);
        return answer(current ?? open());
      });
    } catch (error) {
      const failure = failureOf(server.name, error, signal, CALL_MS);
      // A program that hangs is started anew next time.
      if (failure.fault.kind === 'timeout' && server.at.kind === 'stdio') forget(current);
      throw failure;
    }
  }

  function forget(kept: Promise<Open> | undefined): void {
    if (kept === undefined) return;
    if (current === kept) current = undefined;
    void dropped(kept);
  }

  return {
    tools: (signal) => ask(({ client }) => listTools(client, signal), signal),
    call: (tool, input, signal) => ask(({ client }) => callTool(client, tool, input, signal), signal),
    close: async () => {
      const kept = current;
      current = undefined;
      if (kept !== undefined) await dropped(kept);
    },
  };
}

interface Open {
  readonly client: Client;
  /** Never resolves; rejects when what comes is no answer any more. */
  readonly broken: Promise<never>;
  end(): Promise<void>;
}

async function dropped(open: Promise<Open>): Promise<void> {
  const kept = await open.catch(() => undefined);
  await kept?.end().catch(() => undefined);
}

async function connect(server: McpServer, fetcher: typeof fetch, onClosed: () => void): Promise<Open> {
  const { promise: broken, reject } = Promise.withResolvers<never>();
  const { Client } = await import('@modelcontextprotocol/sdk/client/index.js');
  const client = new Client({ name: 'zhiban', version: '1' });
  // oxlint-disable-next-line unicorn/prefer-add-event-listener -- the library knows no other way
  client.onclose = onClosed;
  void broken.catch(() => {
    onClosed();
    return client.close().catch(() => undefined);
  });
  try {
    const transport = await createTransport(server, fetcher, reject);
    await Promise.race([client.connect(transport, { timeout: CONNECT_MS }), broken]);
    const end = async (): Promise<void> => {
      await endSession(transport);
      await client.close();
    };
    return { client, broken, end };
  } catch (error) {
    onClosed();
    void client.close().catch(() => undefined);
    throw error;
  }
}

/** A server that keeps sessions may forget this one; one that does not answer is not waited for. */
async function endSession(transport: Transport): Promise<void> {
  if (!('terminateSession' in transport) || typeof transport.terminateSession !== 'function') return;
  const ended = Promise.resolve(transport.terminateSession()).catch(() => undefined);
  await Promise.race([ended, sleep(END_MS, undefined, { ref: false })]);
}

/** By plain requests: the client's own helpers would compile schemas that the server made. */
async function listTools(client: Client, signal: AbortSignal): Promise<readonly Tool[]> {
  const { ListToolsResultSchema } = await import('@modelcontextprotocol/sdk/types.js');
  const tools: Tool[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const params = cursor === undefined ? {} : { cursor };
    const answer = await client.request({ method: 'tools/list', params }, ListToolsResultSchema, {
      signal,
      timeout: CALL_MS,
    });
    tools.push(...answer.tools);
    cursor = answer.nextCursor;
    if (cursor === undefined) break;
  }
  return tools;
}

async function callTool(client: Client, name: string, input: JsonObject, signal: AbortSignal): Promise<CallToolResult> {
  const { CallToolResultSchema } = await import('@modelcontextprotocol/sdk/types.js');
  const params = { name, arguments: { ...input } };
  return client.request({ method: 'tools/call', params }, CallToolResultSchema, { signal, timeout: CALL_MS });
}

/** The answer, unless whoever asked stops waiting; connecting goes on for the next one. */
async function before<T>(signal: AbortSignal, answer: Promise<T>): Promise<T> {
  signal.throwIfAborted();
  const { promise: stopped, reject } = Promise.withResolvers<never>();
  const stop = (): void => reject(signal.reason);
  signal.addEventListener('abort', stop, { once: true });
  answer.catch(() => undefined);
  try {
    return await Promise.race([answer, stopped]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
