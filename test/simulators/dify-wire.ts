import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { DifyFault, Json } from './dify-world.ts';

/** Writes the events as the platform does, or as the fault bends it; returns when the connection has been closed or left. */
export async function stream(
  response: ServerResponse,
  events: readonly Json[],
  fault: DifyFault,
  stopped: AbortSignal,
): Promise<void> {
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', ...fault.headers });
  response.flushHeaders();
  const ping = fault.pingEvery === undefined ? undefined : setInterval(() => write('event: ping'), fault.pingEvery);
  response.once('close', () => clearInterval(ping));
  const write = (line: string): void => {
    const end = fault.crlf === true ? '\r\n' : '\n';
    put(response, `${line}${end}${end}`, fault.chunkBytes);
  };
  write('event: ping');
  for (const [index, event] of events.entries()) {
    if (index === fault.cutAfter) break;
    if (index === fault.resetAfter) {
      // What was written is on its way by then.
      await sleep(20);
      return void response.destroy();
    }
    if (index === fault.stallAfter) return await leave(response, stopped);
    if (stopped.aborted || response.destroyed) break;
    write(`data: ${JSON.stringify(event)}`);
    if (fault.pace !== undefined) await sleep(fault.pace, undefined, { signal: stopped }).catch(() => undefined);
  }
  if (fault.linger === true) return await leave(response, stopped);
  clearInterval(ping);
  response.end();
}

/** Nothing more is said; a stop from outside ends it. */
async function leave(response: ServerResponse, stopped: AbortSignal): Promise<void> {
  if (!stopped.aborted) {
    await new Promise<void>((done) => {
      stopped.addEventListener('abort', () => done(), { once: true });
      response.once('close', done);
    });
  }
  response.end();
}

function put(response: ServerResponse, text: string, chunkBytes: number | undefined): void {
  if (response.destroyed || response.writableEnded) return;
  const bytes = Buffer.from(text);
  const size = chunkBytes ?? bytes.length;
  for (let at = 0; at < bytes.length; at += size) response.write(bytes.subarray(at, at + size));
}
