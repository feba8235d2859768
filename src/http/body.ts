import type { IncomingMessage } from 'node:http';
import { Overloaded } from '../errors.ts';
import { BadBody, BodyTooLarge } from '../ingest/refusals.ts';

/** 1,000 alerts are about half a megabyte. */
export const BODY_LIMIT = 10 * 1024 ** 2;

/** All bodies on their way in, together: thousands of slow senders must not fill the memory. */
export const BODIES_LIMIT = 128 * 1024 ** 2;

export type ReadBody = (req: IncomingMessage) => Promise<Buffer>;

/**
 * Reads the raw bytes as sent. Rejects with `BodyTooLarge` before it holds more than `limitBytes` of one, with
 * `Overloaded` before it holds more than `totalBytes` of all unfinished ones, and with `BadBody` when the sender goes.
 */
export function createBodyReader(limitBytes: number, totalBytes: number): ReadBody {
  let held = 0;
  return async (req) => {
    if (Number(req.headers['content-length'] ?? 0) > limitBytes) throw new BodyTooLarge(limitBytes);
    const chunks: Buffer[] = [];
    let length = 0;
    const keep = (chunk: Buffer): void => {
      length += chunk.length;
      held += chunk.length;
      if (length > limitBytes) throw new BodyTooLarge(limitBytes);
      if (held > totalBytes) throw new Overloaded('Too many bodies are on their way in.');
      chunks.push(chunk);
    };
    try {
      await eachChunk(req, keep);
      return chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks);
    } finally {
      held -= length;
    }
  };
}

/** Until the end; what `keep` throws ends it. Not `for await`, which would destroy the request that is to be answered. */
function eachChunk(req: IncomingMessage, keep: (chunk: Buffer) => void): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const onData = (chunk: Buffer): void => {
    try {
      keep(chunk);
    } catch (err) {
      req.off('data', onData);
      reject(err);
    }
  };
  req.on('data', onData);
  req.once('end', resolve);
  req.once('error', (err) => reject(new BadBody('The connection ended before the body did.', { cause: err })));
  return promise;
}

/** How much of a refused body is still swallowed, and for how long. */
const DISCARD_BYTES = 64 * 1024 ** 2;
const DISCARD_MS = 10_000;

/**
 * Reads and forgets the rest of a refused body. Most senders look at the answer only after they have sent everything;
 * a connection that is cut at once shows them "connection reset" instead of what to do.
 */
export function discard(req: IncomingMessage): void {
  if (req.complete || req.destroyed) return;
  let length = 0;
  const timer = setTimeout(() => req.destroy(), DISCARD_MS).unref();
  req.on('data', (chunk: Buffer) => {
    length += chunk.length;
    if (length > DISCARD_BYTES) req.destroy();
  });
  req.once('close', () => clearTimeout(timer));
  req.once('end', () => clearTimeout(timer));
  req.on('error', () => undefined);
  req.resume();
}
