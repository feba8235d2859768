import { createParser, type EventSourceParser } from 'eventsource-parser';
import { isJsonObject, type JsonObject, parseJson } from '../../json.ts';
import { ModelFailed } from '../model.ts';

/** What is expected after an event: more of it, perhaps one more, nothing. */
export type Progress = 'more' | 'perhaps' | 'done';

/**
 * Hands over the events of a stream until it ends, until nothing more is expected, or until `graceMs` passed since only
 * perhaps something is: servers have left out either of their last events, swapped them, and kept the stream open.
 * Keep-alives (`event: ping`, no data) are no events; whoever watches the bytes sees them.
 * Throws `ModelFailed` `bad_response` for an event that is no JSON.
 */
export async function readEvents(
  body: ReadableStream<Uint8Array>,
  take: (event: JsonObject) => Progress,
  graceMs: number,
): Promise<void> {
  const state: State = { progress: 'more', ended: false };
  const parser = parserInto(state, take);
  const decoder = new TextDecoder();
  const reader = body.getReader();
  const grace = createGrace(graceMs);
  try {
    for (;;) {
      const chunk = await Promise.race([reader.read(), grace.over]);
      if (chunk?.value === undefined) break;
      parser.feed(decoder.decode(chunk.value, { stream: true }));
      if (state.progress === 'done') return;
      if (state.progress === 'perhaps') grace.begin();
    }
    state.ended = true;
    // What is whole but for its last line end is whole.
    parser.feed(`${decoder.decode()}\n\n`);
  } finally {
    grace.stop();
    void reader.cancel().catch(() => undefined);
  }
}

interface State {
  progress: Progress;
  ended: boolean;
}

const parserInto = (state: State, take: (event: JsonObject) => Progress): EventSourceParser =>
  createParser({
    onEvent: ({ data }) => {
      const event = eventOf(data, state.ended);
      if (event !== undefined && state.progress !== 'done') state.progress = take(event);
    },
  });

function eventOf(data: string, ended: boolean): JsonObject | undefined {
  const event = parseJson(data);
  if (isJsonObject(event)) return event;
  // The stream was cut within it.
  if (ended || !data.trimStart().startsWith('{')) return undefined;
  throw new ModelFailed('an event of the stream is no JSON', 'bad_response');
}

function createGrace(graceMs: number) {
  const { promise: over, resolve } = Promise.withResolvers<undefined>();
  let timer: NodeJS.Timeout | undefined;
  return {
    over,
    begin: (): void => {
      timer ??= setTimeout(() => resolve(undefined), graceMs);
    },
    stop: (): void => clearTimeout(timer),
  };
}
