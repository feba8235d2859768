import { Overloaded } from '../errors.ts';
import { decodeBody, unpack } from '../ingest/decode.ts';

/** As many as Node unpacks at once anyway. */
const AT_ONCE = 4;
/** Of those that wait, packed. */
const WAITING_BYTES = 32 * 1024 ** 2;

export type Unpack = (raw: Buffer, encoding: string, limitBytes: number) => Promise<Buffer>;

/** The value in a packed body. Rejects as `unpack` and `decodeBody` do, and with `Overloaded`. */
export type ReadPacked = (raw: Buffer, encoding: string, contentType: string | undefined) => Promise<unknown>;

/**
 * Unpacks a few bodies at a time, each at most `limitBytes` large: ten kilobytes become ten megabytes, and a few hundred
 * senders at once would have all of them in the memory together.
 */
export function createPackedReader(limitBytes: number, unpacked: Unpack = unpack): ReadPacked {
  const waiting: (() => void)[] = [];
  let busy = 0;
  let waitingBytes = 0;

  async function turn(bytes: number): Promise<void> {
    if (busy < AT_ONCE) return void (busy += 1);
    if (waitingBytes + bytes > WAITING_BYTES) throw new Overloaded('Too many packed bodies wait to be read.');
    waitingBytes += bytes;
    await new Promise<void>((resolve) => void waiting.push(resolve));
    waitingBytes -= bytes;
  }

  /** Whoever waits longest takes the place over. */
  function done(): void {
    const next = waiting.shift();
    if (next === undefined) busy -= 1;
    else next();
  }

  return async (raw, encoding, contentType) => {
    await turn(raw.length);
    try {
      return decodeBody(await unpacked(raw, encoding, limitBytes), contentType);
    } finally {
      done();
    }
  };
}
