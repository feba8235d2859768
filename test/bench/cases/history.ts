import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { multiply } from '../multiply.ts';
import { type Line, ratioLine } from '../report.ts';
import { interleaved, load, progress, withServer } from '../rounds.ts';
import { UNDIAGNOSED, UNINDEXED, UNSHOWN, openRows } from '../rows.ts';

const FEW = 10_000;
const MANY = 1_000_000;
const COUNT = 4000;

/** What an alert costs does not grow with what was stored before it. */
export async function history(): Promise<readonly Line[]> {
  const [few, many] = [await databaseOf(FEW), await databaseOf(MANY)];
  let from = 0;
  const cost = (folder: string) => () => {
    from += 10 * COUNT;
    return withServer('zhiban', (server) => costOf(server, from), { folder });
  };
  try {
    const medians = await interleaved({ few: cost(few), many: cost(many) });
    return [
      ratioLine('an alert with 1,000,000 incidents stored, against 10,000', medians.many, medians.few, 'µs', {
        atMost: 1.5,
      }),
    ];
  } finally {
    for (const folder of [few, many]) rmSync(folder, { recursive: true, force: true });
  }
}

async function costOf(server: { readonly port: number }, from: number): Promise<number> {
  await load(server, { kind: 'new', alerts: 1, count: COUNT / 4, from: from + COUNT });
  const { perSecond } = await load(server, { kind: 'new', alerts: 1, count: COUNT, from });
  return 1e6 / perSecond;
}

/** A database with so many copies of an incident that was opened, shown, diagnosed and resolved. */
async function databaseOf(incidents: number): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'zhiban-bench-'));
  await withServer(
    'zhiban',
    async (server) => {
      const rows = openRows(folder);
      const one = { kind: 'group', alerts: 1, count: 1, from: 10_000_000 } as const;
      await load(server, one);
      await rows.settled(UNDIAGNOSED, 10_000);
      await load(server, { ...one, status: 'resolved' });
      await rows.settled(UNSHOWN, 30_000);
      await rows.settled(UNINDEXED, 10_000);
      rows.close();
    },
    { folder },
  );
  const startedAt = performance.now();
  multiply(folder, incidents);
  progress(`  ${incidents} incidents written in ${((performance.now() - startedAt) / 1000).toFixed(0)} s`);
  return folder;
}
