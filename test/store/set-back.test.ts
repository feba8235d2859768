import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Engine, Write } from '../../src/store/database.ts';
import { createDue, scheduleDue } from '../../src/store/due.ts';
import { moveTimes } from '../../src/store/set-back.ts';
import { createTargets } from '../../src/store/targets.ts';
import { createSealer } from '../../src/store/secrets.ts';
import { latestBeat, createUptime } from '../../src/store/uptime.ts';
import { type Opened, describeEngines, openEngine } from '../support/engines.ts';
import { committerOn } from './writing.ts';

const NOW = Date.UTC(2026, 10, 22, 3);
const HOUR = 3_600_000;

describeEngines('a clock that was set back by an hour', (engine: Engine) => {
  let opened: Opened;
  let write: Write;
  beforeAll(async () => {
    opened = await openEngine(engine);
    const { database } = opened;
    ({ write } = committerOn(database));
  });
  afterAll(() => opened.close());

  it('moves what waits, and neither what is by the calendar nor what somebody works on', async () => {
    const { db } = opened.database;
    const due = createDue(write, opened.database.reader);
    const schedule = (kind: string, dueAt: number) =>
      write('job', (trx) => scheduleDue(trx, { kind, subject: kind, dueAt }));
    await schedule('remind', NOW + HOUR + 1000);
    await schedule('stale', NOW - 1000);
    await schedule('silence_end', NOW + HOUR + 1000);
    await schedule('model', NOW + HOUR - 1000);
    const [work] = await due.claim('model', 1, NOW + HOUR, 60_000);
    await write('job', (trx) => moveTimes(trx, NOW, HOUR));
    const rows = await db.selectFrom('due').select(['kind', 'due_at']).orderBy('kind').execute();
    expect(rows.map(({ kind, due_at: at }) => [kind, at - NOW])).toEqual([
      ['model', HOUR - 1000],
      ['remind', 1000],
      ['silence_end', HOUR + 1000],
      ['stale', -1000],
    ]);
    expect(work && (await due.complete(work)), 'what is under way ends as it began').toBe(true);
  });

  it('lets a target that backed off be tried as soon as it would have been', async () => {
    const { database } = opened;
    const targets = createTargets({ database, write, clock: { now: () => NOW }, sealer: createSealer('x'.repeat(32)) });
    const { id } = await targets.ensure('playground', 'lobby', { pending: false });
    const of = (column: 'next_at' | 'lease_until') =>
      database.db.selectFrom('targets').select(column).where('id', '=', id).executeTakeFirstOrThrow();
    await database.db
      .updateTable('targets')
      .set({ next_at: NOW + HOUR + 2000, lease_until: NOW - 5 })
      .where('id', '=', id)
      .execute();
    await write('job', (trx) => moveTimes(trx, NOW, HOUR));
    expect(await of('next_at')).toEqual({ next_at: NOW + 2000 });
    expect(await of('lease_until')).toEqual({ lease_until: NOW - 5 });
  });

  it('is known after a start by the latest beat', async () => {
    const reading = { db: opened.database.reader, engine };
    expect(await latestBeat(reading)).toBe(0);
    await createUptime(write, () => NOW).beat(NOW + 5000);
    expect(await latestBeat(reading)).toBe(NOW + 5000);
  });
});
