import { ModelFailed } from './model.ts';
import type { Watch } from './watch.ts';

/** The same answer, whose body is timed and bounded while it is read: an error's body ends at 64 KiB, any other fails at 4 MiB. */
export function watchedResponse(response: Response, watch: Watch, firstByteCame: () => void): Response {
  if (response.body === null) {
    firstByteCame();
    return response;
  }
  const body = watchedBody(response.body, watch, { ok: response.ok, firstByteCame });
  const { status, statusText, headers } = response;
  return new Response(body, { status, statusText, headers });
}

const MOST_ANSWER_BYTES = 4 * 1024 * 1024;
const MOST_ERROR_BYTES = 64 * 1024;

interface Meter {
  readonly ok: boolean;
  readonly firstByteCame: () => void;
}

function watchedBody(source: ReadableStream<Uint8Array>, watch: Watch, { ok, firstByteCame }: Meter) {
  const reader = source.getReader();
  const most = ok ? MOST_ANSWER_BYTES : MOST_ERROR_BYTES;
  let bytes = 0;
  const next = async (): Promise<Uint8Array | undefined> => {
    // Only while we wait for the server: a reader that takes its time is no fault of theirs.
    const disarm = bytes === 0 ? firstByteCame : watch.arm('timeout_idle', watch.deadlines.idleMs);
    const { value } = await reader.read().finally(disarm);
    return value;
  };
  const pull = async (out: ReadableStreamDefaultController<Uint8Array>): Promise<void> => {
    const chunk = await next().catch(() => {
      throw watch.failure() ?? new ModelFailed('the connection broke within the answer', 'stream_incomplete', BACKOFF);
    });
    bytes += chunk?.byteLength ?? 0;
    if (chunk === undefined) return out.close();
    if (bytes <= most) return out.enqueue(chunk);
    void reader.cancel().catch(() => undefined);
    if (ok) throw new ModelFailed(`the answer is longer than ${most} bytes`, 'bad_response');
    out.enqueue(chunk.subarray(0, chunk.byteLength - (bytes - most)));
    out.close();
  };
  return new ReadableStream<Uint8Array>(
    { pull, cancel: (reason) => reader.cancel(reason) },
    // Nothing is read ahead, so the idle watchdog times what somebody waits for.
    { highWaterMark: 0 },
  );
}

const BACKOFF = { retry: 'backoff' } as const;
