import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Line, limitLine } from '../report.ts';
import { ROUNDS, load, median, withServer } from '../rounds.ts';

const IDLE_MS = 3000;

/** Start on a database that exists, memory when nothing happens, memory at its most under load. */
export async function start(): Promise<readonly Line[]> {
  const folder = mkdtempSync(join(tmpdir(), 'zhiban-bench-'));
  const [ready, idle, busy]: [number[], number[], number[]] = [[], [], []];
  try {
    await withServer('zhiban', async () => undefined, { folder });
    for (let round = 0; round < ROUNDS; round += 1) {
      await withServer(
        'zhiban',
        async (server) => {
          ready.push(server.readyMs);
          await sleep(IDLE_MS);
          idle.push(server.rssMb());
        },
        { folder },
      );
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  for (let round = 0; round < ROUNDS; round += 1) {
    await withServer('zhiban', async (server) => {
      await load(server, { kind: 'new', alerts: 1, count: 10_000 });
      await load(server, { kind: 'new', alerts: 100, count: 50, from: 100_000 }, { connections: 16 });
      busy.push(server.rssMb('most'));
    });
  }
  return [
    limitLine('ready after a warm start', median(ready), 'ms', 1000),
    limitLine('resident memory, idle', median(idle), 'MB', 150),
    limitLine('resident memory, most under load', median(busy), 'MB', 300),
  ];
}
