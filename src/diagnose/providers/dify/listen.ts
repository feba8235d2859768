import { isJsonObject, type JsonObject, parseJson } from '../../json.ts';
import { ModelFailed, type ModelRequest } from '../model.ts';
import type { App, AppKind } from './app.ts';
import { type Heard, hear } from './heard.ts';
import { answerIn } from './outputs.ts';
import { type Progress, readEvents } from './stream.ts';
import { hearWhole } from './whole.ts';

/** Reads an answer into `heard`, as a stream or whole. Throws `ModelFailed`. */
export async function listen(
  response: Response,
  heard: Heard,
  app: App,
  { onText }: Pick<ModelRequest, 'onText'>,
  graceMs: number,
): Promise<void> {
  let told = '';
  const take = (event: JsonObject): Progress => {
    hear(heard, event, app.kind === 'agent');
    if (heard.text.length > MOST_TEXT)
      throw new ModelFailed(`the answer is longer than ${MOST_TEXT} characters`, 'bad_response');
    const text = answerIn(heard.text);
    if (text !== told) onText?.(text);
    told = text;
    return progressOf(heard, app.kind);
  };
  if (response.body === null) throw new ModelFailed('the answer is empty', 'bad_response');
  if (isStream(response)) return await readEvents(response.body, take, graceMs);
  const text = (await response.text()).trimStart();
  // Some proxies change the type of what they pass on.
  if (/^(?:data|event|id|retry)?:/.test(text)) return await readEvents(streamOf(text), take, graceMs);
  const body = parseJson(text);
  if (!isJsonObject(body))
    throw new ModelFailed(`the answer is ${text.startsWith('<') ? 'HTML' : 'no JSON'}`, 'bad_response');
  hearWhole(heard, body);
  onText?.(answerIn(heard.text));
}

/** Answers have some thousand characters; thinking within the text has some ten thousand. */
const MOST_TEXT = 200_000;

const isStream = ({ headers }: Response): boolean =>
  (headers.get('content-type') ?? '').toLowerCase().startsWith('text/event-stream');

function streamOf(text: string): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start: (out) => {
      out.enqueue(new TextEncoder().encode(text));
      out.close();
    },
  });
}

/** A run within a chat (Chatflow) has two last events, in either order, of which either may be missing. */
function progressOf({ failure, run, messageEnded, runId }: Heard, kind: AppKind): Progress {
  if (failure !== undefined) return 'done';
  if (kind === 'workflow') return run === undefined ? 'more' : 'done';
  if (run === undefined && !messageEnded) return 'more';
  const complete = messageEnded && (run !== undefined || (runId === undefined && kind !== 'advanced-chat'));
  return complete ? 'done' : 'perhaps';
}
