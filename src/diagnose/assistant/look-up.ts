import { z } from 'zod';
import { SourceFailed } from '../evidence/failure.ts';
import type { Evidence } from '../diagnosis.ts';
import type { Finding } from '../evidence/source.ts';
import { isoOf } from '../prompting/plain.ts';
import { fenceToolResult } from '../prompting/tool-result.ts';
import type { ToolCall } from '../providers/model.ts';
import type { RequestRedactor } from '../redact/redactor.ts';
import type { Toolbox } from './tools/tools.ts';

/** One request's look-ups: what was found gets numbers that go on from the context's. */
export interface LookUpDeps {
  readonly tools: Toolbox;
  readonly nonce: string;
  readonly redactor: RequestRedactor;
  readonly signal: AbortSignal;
  /** Grows with what is found. */
  readonly known: Map<string, Evidence>;
  /** Of one tool, ms. */
  readonly timeoutMs: number;
}

const MOST_FINDINGS = 12;

/** Calls the tools that a model asks for; whatever a tool does, the model gets words and the loop goes on. */
export function createLookUp(deps: LookUpDeps) {
  const asked = new Set<string>();

  /** The result as the model may have it, within so many estimated tokens. Rejects only when the request is aborted. */
  return async ({ name, input }: ToolCall, budgetTokens: number): Promise<string> => {
    const tool = deps.tools.get(name);
    if (tool === undefined) return `There is no such tool. There are: ${[...deps.tools.keys()].join(', ')}.`;
    const key = `${name} ${JSON.stringify(input)}`;
    if (asked.has(key))
      return 'You have asked exactly that already; the result stands above. Ask something else, or answer.';
    asked.add(key);
    const findings = await run(() => tool.run(input, bounded(deps)), deps.signal);
    return findings.length === 0 ? 'Nothing was found.' : fenced(name, findings, budgetTokens, deps);
  };
}

const bounded = ({ signal, timeoutMs }: LookUpDeps): AbortSignal =>
  AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);

async function run(call: () => Promise<readonly Finding[]>, signal: AbortSignal): Promise<readonly Finding[]> {
  try {
    return (await call()).slice(0, MOST_FINDINGS);
  } catch (error) {
    signal.throwIfAborted();
    return [{ source: 'tool', title: 'failed', text: wordsOf(error), at: 0, failed: true }];
  }
}

/** What went wrong, for a model to do better: no stack, no address. */
function wordsOf(error: unknown): string {
  if (error instanceof z.ZodError) return `The input is wrong: ${z.prettifyError(error).slice(0, 600)}`;
  if (error instanceof SourceFailed) return error.message;
  return error instanceof Error && error.name === 'TimeoutError' ? 'It did not answer in time.' : 'It failed.';
}

function fenced(tool: string, findings: readonly Finding[], budgetTokens: number, deps: LookUpDeps): string {
  const { known, nonce, redactor } = deps;
  let left = budgetTokens;
  const parts = findings.flatMap((finding, index) => {
    const share = Math.floor(left / (findings.length - index));
    if (share < LEAST) return [];
    const id = nextId(known);
    const failed = finding.failed === true ? { failed: true as const } : {};
    const result = fenceToolResult(
      { id, source: tool, text: textOf(finding), ...failed },
      { nonce, redactor, budgetTokens: share },
    );
    known.set(id, { id, ...finding });
    left -= share;
    return [result.text];
  });
  return parts.join('\n\n');
}
const nextId = (known: ReadonlyMap<string, unknown>): string =>
  `E${Math.max(0, ...[...known.keys()].map((id) => Number(id.slice(1)) || 0)) + 1}`;

/** Less room tells nothing. */
const LEAST = 80;

const textOf = ({ title, query, at, range, text }: Finding): string =>
  [
    title,
    ...(at > 0 ? [`at: ${isoOf(at)}`] : []),
    ...(range === undefined ? [] : [`range: ${isoOf(range.from)} .. ${isoOf(range.to)}`]),
    ...(query === undefined ? [] : [`query: ${query.slice(0, 300)}`]),
    text,
  ].join('\n');
