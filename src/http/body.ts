import type { IncomingMessage } from 'node:http';
import { BadBody, BodyTooLarge } from '../ingest/refusals.ts';

/** 1,000 alerts are about half a megabyte. */
export const BODY_LIMIT = 10 * 1024 ** 2;

/** The raw bytes as sent. Rejects with `BodyTooLarge` before it holds more than `limitBytes`, and with `BadBody` when the sender goes away. */
export function readBody(req: IncomingMessage, limitBytes: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    if (Number(req.headers['content-length'] ?? 0) > limitBytes) return reject(new BodyTooLarge(limitBytes));
    const chunks: Buffer[] = [];
    let length = 0;
    const onData = (chunk: Buffer): void => {
      length += chunk.length;
      if (length > limitBytes) {
        req.off('data', onData);
        chunks.length = 0;
        reject(new BodyTooLarge(limitBytes));
      } else chunks.push(chunk);
    };
    req.on('data', onData);
    req.once('end', () => resolve(chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks)));
    req.once('error', (err) => reject(new BadBody('The connection ended before the body did.', { cause: err })));
  });
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
