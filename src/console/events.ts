import type { RequestHandler, Response } from 'express';
import type { Subscribe } from './ports.ts';

const HEARTBEAT_MS = 15_000;
/** About a thousand events: a reader that far behind is gone, and one that comes back asks for what it missed. */
const BUFFERED_BYTES = 64 * 1024;
const STREAMS = 1000;

export interface Events {
  readonly handler: RequestHandler;
  /** Ends all streams, so that a stopping server is not held up by them. */
  close(): void;
}

/** The stream of news: what changed and its revision, never what it says. */
export function createEvents(subscribe: Subscribe): Events {
  const streams = new Set<Response>();
  const handler: RequestHandler = (_request, response) => {
    if (streams.size >= STREAMS) {
      response.status(503).set('Retry-After', '10').end();
      return;
    }
    response.set({ 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store', 'X-Accel-Buffering': 'no' });
    response.flushHeaders();
    streams.add(response);
    const write = (text: string) => {
      if (response.writableLength > BUFFERED_BYTES) response.destroy();
      else response.write(text);
    };
    write('retry: 2000\nevent: beat\ndata: {}\n\n');
    const stop = subscribe((event) => write(`data: ${JSON.stringify(event)}\n\n`));
    // An event, not a comment, so that the page notices when they stay away.
    const beat = setInterval(() => write('event: beat\ndata: {}\n\n'), HEARTBEAT_MS);
    response.on('close', () => {
      stop();
      clearInterval(beat);
      streams.delete(response);
    });
  };
  return {
    handler,
    close: () => {
      for (const stream of streams) stream.end();
    },
  };
}
