import { once } from 'node:events';
import { createServer } from 'node:net';

/** Below those that systems hand out by themselves: what stops and starts again finds its port still free. */
const RANGE = { from: 20_000, to: 32_000 };

/** A port of this machine that was free a moment ago, for what cannot be asked for port 0 or has to keep its address. */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < 100; tries += 1) {
    const port = RANGE.from + Math.floor(Math.random() * (RANGE.to - RANGE.from));
    if (await isFree(port)) return port; // oxlint-disable-line no-await-in-loop -- one after the other until one is free
  }
  throw new Error(`no free port from ${RANGE.from} to ${RANGE.to}`);
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch {
    return false;
  }
  server.close();
  await once(server, 'close');
  return true;
}
