import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { Engine, Write } from '../../src/store/database.ts';
import { createDue, scheduleDue } from '../../src/store/due.ts';
import { openDatabase } from '../../src/store/open.ts';
import { scheduleMany } from '../../src/store/schedule.ts';
import { type Opened, SILENT, describeEngines, missing, openEngine } from '../support/engines.ts';
import { committerOn } from './writing.ts';

describeEngines('due-rows', (engine: Engine) => {
  let opened: Opened;
  let write: Write;
  let due: ReturnType<typeof createDue>;
  beforeAll(async () => {
    opened = await openEngine(engine);
    ({ write } = committerOn(opened.database));
    due = createDue(write, opened.database.reader);
  });
  afterAll(() => opened.close());
  beforeEach(async () => {
    await opened.database.db.deleteFrom('due').execute();
  });
  const schedule = (subject: string, dueAt: number, more = {}) =>
    write('job', (trx) => scheduleDue(trx, { kind: 'remind', subject, dueAt, ...more }));
  const reschedule = (subject: string, dueAt: number) =>
    write('job', (trx) => scheduleMany(trx, [{ kind: 'remind', subject, dueAt }]));

  it('tell when the next is due that nobody works on', async () => {
    expect(await due.next('remind', 0)).toBeUndefined();
    await schedule('b', 20);
    await schedule('a', 10);
    expect(await due.next('remind', 5)).toBe(10);
    await due.claim('remind', 1, 10, 100);
    expect(await due.next('remind', 11)).toBe(20);
  });

  it('claims what is due, oldest first, up to the limit', async () => {
    await schedule('later', 500);
    await schedule('b', 20);
    await schedule('a', 10, { payload: '{"x":1}' });
    await schedule('c', 30);
    const claimed = await due.claim('remind', 2, 100, 1000);
    expect(claimed.map(({ subject, payload, attempts }) => [subject, payload, attempts])).toEqual([
      ['a', '{"x":1}', 1],
      ['b', undefined, 1],
    ]);
    expect((await due.claim('remind', 9, 100, 1000)).map(({ subject }) => subject)).toEqual(['c']);
    expect(await due.claim('other', 9, 100, 1000)).toEqual([]);
  });

  it('keeps the earlier of two times unless the time is to be replaced', async () => {
    await schedule('x', 50);
    await schedule('x', 90);
    expect(await due.claim('remind', 9, 60, 0)).toHaveLength(1);
    await reschedule('x', 90);
    expect(await due.claim('remind', 9, 60, 0)).toEqual([]);
    expect(await due.claim('remind', 9, 90, 0)).toHaveLength(1);
  });

  it('hands the row to the next when a lease ran out, and refuses what the first one says then', async () => {
    await schedule('x', 10);
    const [first] = await due.claim('remind', 1, 100, 50);
    expect(await due.claim('remind', 1, 149, 50)).toEqual([]);
    const [second] = await due.claim('remind', 1, 150, 50);
    if (first === undefined || second === undefined) throw new Error('nothing was claimed');
    expect(second.attempts).toBe(2);
    expect(await due.complete(first)).toBe(false);
    expect(await due.retry(first, 1, 'late')).toBe(false);
    expect(await due.complete(second)).toBe(true);
    expect(await due.claim('remind', 9, 9999, 50)).toEqual([]);
  });

  it('tries again when asked to, not before', async () => {
    await schedule('x', 10);
    const [work] = await due.claim('remind', 1, 10, 1000);
    if (work === undefined) throw new Error('nothing was claimed');
    expect(await due.retry(work, 70, 'no answer')).toBe(true);
    expect(await due.claim('remind', 1, 69, 1000)).toEqual([]);
    expect((await due.claim('remind', 1, 70, 1000))[0]?.attempts).toBe(2);
  });

  it('runs once more what was scheduled again while it was at work', async () => {
    await schedule('x', 10);
    const [work] = await due.claim('remind', 1, 10, 1000);
    await reschedule('x', 80);
    if (work === undefined) throw new Error('nothing was claimed');
    expect(await due.complete(work)).toBe(true);
    expect(await due.claim('remind', 1, 79, 1000)).toEqual([]);
    expect(await due.claim('remind', 1, 80, 1000)).toHaveLength(1);
  });

  it.skipIf(missing(engine) !== undefined)('gives no row to two claimers at once', async () => {
    const other = await openDatabase({ url: opened.url, dataDir: opened.dataDir, log: SILENT, beside: true });
    try {
      const subjects = Array.from({ length: 120 }, (_, at) => `s${at}`);
      await write('job', async (trx) => {
        for (const subject of subjects) await scheduleDue(trx, { kind: 'race', subject, dueAt: 1 });
      });
      const claimers = [due, createDue(committerOn(other).write, other.reader)];
      const claimed: string[] = [];
      await Promise.all(
        claimers.flatMap((claimer) =>
          [1, 2, 3].map(async () => {
            for (;;) {
              const works = await claimer.claim('race', 7, 10, 60_000);
              if (works.length === 0) return;
              claimed.push(...works.map(({ subject }) => subject));
            }
          }),
        ),
      );
      expect(claimed.toSorted()).toEqual(subjects.toSorted());
    } finally {
      await other.close();
    }
  });
});
