import { setTimeout as sleep } from 'node:timers/promises';
import { type JsonObject, parseJson } from '../../json.ts';
import { ModelFailed, type ModelReply, type ModelRequest } from '../model.ts';
import type { WatchedCall } from '../watched-fetch.ts';
import type { App } from './app.ts';
import { type Heard, type Run, runOf } from './heard.ts';
import { isWhole, readOutputs, answerIn } from './outputs.ts';
import { failureOfRun, type Quote } from './refusal.ts';
import { pathId, type Service } from './service.ts';

export interface Ending {
  readonly service: Service;
  readonly call: WatchedCall;
  readonly app: App;
  readonly request: ModelRequest;
  /** Between two looks at a run that goes on, ms. */
  readonly pollMs: number;
}

/** Makes the reply of what was heard when the answer is over. Throws `ModelFailed`. */
export async function conclude(heard: Heard, ending: Ending, warnings: string[]): Promise<ModelReply> {
  if (heard.failure !== undefined) throw heard.failure;
  const run = heard.run ?? (heard.messageEnded ? undefined : await findEnd(heard, ending, warnings));
  if (run !== undefined) checkRun(run, heard.quote, warnings);
  if (heard.cut) throw new ModelFailed('the answer was cut at the output limit of the model in the app', 'truncated');
  const { text, json } = saidBy(heard, run, ending.request);
  if (text.trim() === '') throw new ModelFailed('the Dify app answered nothing', 'bad_response');
  return {
    text,
    ...(json === undefined ? {} : { json }),
    toolCalls: [],
    usage: usageIn(heard, run, warnings),
    model: heard.model ?? ending.app.name ?? 'dify',
    ...idsIn(heard, ending.app),
    warnings,
  };
}

/** The stream ended without saying so: the run is looked up; a bare message is trusted only if it is whole by itself. */
async function findEnd(heard: Heard, ending: Ending, warnings: string[]): Promise<Run | undefined> {
  if (heard.runId !== undefined) {
    warnings.push('the stream ended early: the run was looked up');
    return await lookUp(heard.runId, ending);
  }
  const { schema } = ending.request;
  if (schema === undefined || !isWhole(answerIn(heard.text), schema)) throw incomplete();
  warnings.push('the stream ended early, after an answer that is whole');
  return undefined;
}

const incomplete = (cause?: unknown): ModelFailed =>
  new ModelFailed('the stream ended before the answer was complete', 'stream_incomplete', { retry: 'backoff', cause });

/** Proxies close streams after a minute or so while the run goes on: it is asked for until the call's deadline. */
async function lookUp(runId: string, { service, call, pollMs }: Ending): Promise<Run> {
  for (;;) {
    const told = await service.get(call, `/workflows/run/${pathId(runId)}`).catch((error: unknown) => {
      call.signal.throwIfAborted();
      throw incomplete(error);
    });
    // Some versions give the outputs as a text.
    const outputs = typeof told?.['outputs'] === 'string' ? parseJson(told['outputs']) : told?.['outputs'];
    const run = runOf({ ...told, outputs });
    if (run.status !== 'running') return run;
    await sleep(pollMs, undefined, { signal: call.signal });
  }
}

function checkRun({ status, error }: Run, quote: Quote, warnings: string[]): void {
  if (status === 'succeeded') return;
  if (status === 'partial-succeeded') return void warnings.push('a step of the run failed');
  if (status === 'failed') throw failureOfRun(error, quote);
  if (status === 'stopped') throw new ModelFailed('the run was stopped in Dify', 'refused');
  if (status === 'paused') throw new ModelFailed('the Dify app waits for a person', 'refused');
  throw incomplete();
}

function saidBy(heard: Heard, run: Run | undefined, { schema }: ModelRequest): { text: string; json?: JsonObject } {
  const streamed = answerIn(heard.text);
  if (run === undefined || (heard.messageEnded && streamed !== '')) return { text: streamed };
  const { text, json } = readOutputs(run.outputs, streamed, schema);
  return json === undefined ? { text: answerIn(text) } : { text, json };
}

function usageIn(heard: Heard, run: Run | undefined, warnings: string[]): ModelReply['usage'] {
  const told = heard.usage ?? heard.parts;
  if (told !== undefined || run?.totalTokens === undefined) return told ?? {};
  warnings.push('Dify counted the tokens together: they stand as those of the prompt');
  return { tokensIn: run.totalTokens };
}

/** Only what can be used again: workflows and New Agents take no feedback. */
function idsIn({ conversationId, messageId }: Heard, { kind }: App): Pick<ModelReply, 'conversation' | 'messageId'> {
  return {
    ...(conversationId === undefined || conversationId === '' ? {} : { conversation: conversationId }),
    ...(messageId === undefined || !takesFeedback(kind) ? {} : { messageId }),
  };
}

export const takesFeedback = (kind: App['kind']): boolean => kind !== 'workflow' && kind !== 'agent';
