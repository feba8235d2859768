import type { LoadResult } from '../load.ts';
import { type Line, limitLine } from '../report.ts';
import { ROUNDS, load, median, progress, withServer } from '../rounds.ts';
import { UNDIAGNOSED, UNSHOWN, openRows } from '../rows.ts';

const TOTAL = 10_000;
const SECONDS = 10;
const QUIET_MS = 120_000;

/** Ten thousand alerts in ten seconds lose nothing, and repeated they change nothing. */
export async function tenThousand(): Promise<readonly Line[]> {
  const lines: Line[] = [];
  for (const alerts of [1, 100]) {
    const count = TOTAL / alerts;
    const runs: Burst[] = [];
    for (let round = 0; round < ROUNDS; round += 1) runs.push(await burst(count, alerts));
    const name = `${count} × ${alerts} alerts in ${SECONDS} s`;
    const most = (pick: (run: Burst) => number): number => Math.max(...runs.map(pick));
    lines.push(
      limitLine(
        `${name}: alerts missing afterwards`,
        most(({ missing }) => missing),
        'alerts',
        0,
      ),
      limitLine(
        `${name}: requests never accepted`,
        most(({ result }) => count - result.ok),
        'requests',
        0,
      ),
      limitLine(`${name}: acknowledged p99`, median(runs.map(({ result }) => result.p99)), 'ms', 100),
    );
  }
  return [...lines, ...(await repeats())];
}

interface Burst {
  readonly result: LoadResult;
  readonly missing: number;
}

const burst = (count: number, alerts: number): Promise<Burst> =>
  withServer('zhiban', async (server) => {
    await load(server, { kind: 'new', alerts: 1, count: 1000, from: 1_000_000 }, { rate: 500 });
    const workload = { kind: 'new', alerts, count } as const;
    const result = await load(server, workload, { rate: count / SECONDS, retry: true });
    const rows = openRows(server.folder);
    const stored = rows.number('select count(*) from alerts') - 1000;
    rows.close();
    progress(`  ${count} × ${alerts}: p99 ${result.p99.toFixed(1)} ms, ${result.refused} answers 503`);
    return { result, missing: TOTAL - stored };
  });

/** What a minute's repetition of everything that fires must leave alone. */
const repeats = (): Promise<readonly Line[]> =>
  withServer('zhiban', async (server) => {
    const again = { kind: 'repeat', alerts: 100, count: TOTAL / 100, distinct: TOTAL / 100 } as const;
    await load(server, again, { connections: 4 });
    const rows = openRows(server.folder);
    try {
      await rows.settled(UNDIAGNOSED, QUIET_MS);
      await rows.settled(UNSHOWN, QUIET_MS);
      const before = countsOf(rows.number);
      for (let minute = 0; minute < ROUNDS; minute += 1) await load(server, again, { connections: 4 });
      const after = countsOf(rows.number);
      const name = `${TOTAL} firing alerts repeated ${ROUNDS} times`;
      return [
        limitLine(`${name}: revisions raised`, after.revisions - before.revisions, 'revisions', 0),
        limitLine(`${name}: calls to the channel`, after.calls - before.calls, 'calls', 0),
        limitLine(`${name}: repeats not counted`, TOTAL * ROUNDS - (after.repeats - before.repeats), 'alerts', 0),
      ];
    } finally {
      rows.close();
    }
  });

const countsOf = (number: (sql: string) => number) => ({
  revisions: number('select sum(revision) from incidents'),
  calls: number('select count(*) from attempts'),
  repeats: number('select sum(repeats) from alerts'),
});
