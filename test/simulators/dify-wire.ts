import type { ServerResponse } from 'node:http';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
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
  const ping =
    fault.pingEvery === undefined ? undefined : setInterval(() => void write('event: ping'), fault.pingEvery);
  response.once('close', () => clearInterval(ping));
  const write = async (line: string, isLast = false): Promise<void> => {
    const end = fault.bareEnd === true && isLast ? '' : fault.crlf === true ? '\r\n' : '\n';
    await put(response, `${line}${end}${end}`, fault.chunkBytes);
  };
  await write('event: ping');
  for (const [index, event] of events.entries()) {
    if (index === fault.cutAfter) break;
    if (index === fault.resetAfter) {
      // What was written is on its way by then.
      await sleep(20);
      return void response.destroy();
    }
    if (index === fault.stallAfter) return await leave(response, stopped);
    if (stopped.aborted || response.destroyed) break;
    await write(`data: ${JSON.stringify(event)}`, index === events.length - 1);
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

async function put(response: ServerResponse, text: string, chunkBytes: number | undefined): Promise<void> {
  const bytes = Buffer.from(text);
  const size = chunkBytes ?? bytes.length;
  for (let at = 0; at < bytes.length; at += size) {
    if (response.destroyed || response.writableEnded) return;
    response.write(bytes.subarray(at, at + size));
    // What is written in one turn arrives as one.
    if (chunkBytes !== undefined) await nextTurn();
  }
}
