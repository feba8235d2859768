import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { IncidentId } from '../../src/incident/incident.ts';
import { type Job, createPolicyJobs } from '../../src/jobs/policy-jobs.ts';
import { repeating } from '../../src/jobs/periodic.ts';
import { createWatch } from '../../src/store/watch.ts';
import { HOUR, MINUTE, START, alert, arrival } from '../incident/world.ts';
import { ALICE, type Bot, CONTEXT, createBot } from '../store/bot.ts';
import { type Opened, openEngine } from '../support/engines.ts';

const DAY = 24 * HOUR;

describe('what time does to incidents', () => {
  let opened: Opened;
  let bot: Bot;
  let jobs: ReturnType<typeof createPolicyJobs>;
  beforeEach(async () => {
    opened = await openEngine('sqlite');
    bot = createBot(opened.database);
    const { respond, accept, policy, clock, write } = bot;
    const watch = createWatch({ database: opened.database, write, acceptingSince: () => START - 1000 });
    jobs = createPolicyJobs({ respond, accept, watch, policy, clock });
    await bot.addTarget('fallback');
  });
  afterEach(() => opened.close());

  async function deliver(list: Parameters<typeof arrival>[0], at = START): Promise<IncidentId> {
    bot.time.now = at;
    const { incidents } = await bot.accept(arrival(list, at));
    return incidents[0]?.id ?? ('' as IncidentId);
  }
  /** Runs a job as its loop would at `at`; resolves to when its row is due again, ms after START. */
  async function run(job: Job, kind: string, subject: string, at: number): Promise<number | undefined> {
    bot.time.now = at;
    await opened.database.db.deleteFrom('due').where('kind', '=', kind).execute();
    await job({ kind, subject, dueAt: at, attempts: 1, token: 't' });
    const rows = await opened.database.db.selectFrom('due').selectAll().where('kind', '=', kind).execute();
    return rows[0] === undefined ? undefined : rows[0].due_at - START;
  }

  it('reminds of what nobody has taken, again and again, until somebody does', async () => {
    const id = await deliver([alert('a', { severity: 'critical' })]);
    expect(await run(jobs.remind, 'remind', id, START + 15 * MINUTE)).toBe(30 * MINUTE);
    expect(await bot.incident(id)).toMatchObject({ ring: 2, ringReason: 'unacknowledged', revision: 2 });
    await bot.respond(id, { kind: 'acknowledge' }, CONTEXT);
    expect(await run(jobs.remind, 'remind', id, START + 30 * MINUTE)).toBeUndefined();
    expect((await bot.incident(id)).ring).toBe(2);
  });

  it('looks for repeats lazily, marks stale, and resolves a week later', async () => {
    const id = await deliver([alert('a')]);
    await deliver([alert('a')], START + 4 * HOUR);
    expect(await run(jobs.stale, 'stale', id, START + 10 * HOUR)).toBe(14 * HOUR);
    expect((await bot.incident(id)).staleSince).toBeUndefined();
    expect(await run(jobs.stale, 'stale', id, START + 14 * HOUR)).toBe(14 * HOUR + 7 * DAY);
    expect(await bot.incident(id)).toMatchObject({ staleSince: START + 14 * HOUR, ringReason: 'stale' });
    expect(await run(jobs.stale, 'stale', id, START + 15 * HOUR)).toBe(14 * HOUR + 7 * DAY);
    expect(await run(jobs.stale, 'stale', id, START + 14 * HOUR + 7 * DAY)).toBeUndefined();
    expect(await bot.incident(id)).toMatchObject({ status: 'resolved', resolvedReason: 'expired' });
  });

  it('watches a stale incident anew once it is heard of again', async () => {
    const id = await deliver([alert('a')]);
    await run(jobs.stale, 'stale', id, START + 10 * HOUR);
    await deliver([alert('a')], START + 11 * HOUR);
    expect((await bot.incident(id)).staleSince).toBeUndefined();
    expect(await bot.due()).toContainEqual({ kind: 'stale', subject: id, inMs: 10 * HOUR });
  });

  it('does not call stale what nobody could tell us while we were down', async () => {
    const id = await deliver([alert('a')]);
    const db = opened.database.db;
    await db
      .insertInto('uptime')
      .values({ started_at: START - 1000, until_at: START + HOUR })
      .execute();
    const { respond, accept, policy, clock, write } = bot;
    const watch = createWatch({ database: opened.database, write, acceptingSince: () => START + 20 * HOUR });
    const restarted = createPolicyJobs({ respond, accept, watch, policy, clock });
    expect(await run(restarted.stale, 'stale', id, START + 20 * HOUR)).toBe(29 * HOUR);
    expect((await bot.incident(id)).staleSince).toBeUndefined();
  });

  it('shows what a silence by matchers has hidden when it ends, and not before', async () => {
    const matchers = [{ name: 'alertname', op: '=', value: 'HighLatency' }] as const;
    const silence = await bot.silences.create({ matchers, until: START + HOUR, actor: ALICE });
    const id = await deliver([alert('a')]);
    const other = await deliver([alert('b', { groupLabels: { alertname: 'Disk' } })]);
    expect(await run(jobs.silence_end, 'silence_end', silence.id, START + MINUTE)).toBe(HOUR);
    await run(jobs.silence_end, 'silence_end', silence.id, START + HOUR);
    expect(await bot.incident(id)).toMatchObject({ revision: 2 });
    expect(await bot.incident(other)).toMatchObject({ revision: 1 });
    expect((await bot.placements()).map(({ subject_id }) => subject_id).toSorted()).toEqual([id, other]);
  });

  it('ends the silence of one incident, unless it was made longer', async () => {
    const id = await deliver([alert('a')]);
    await bot.respond(id, { kind: 'silence', until: START + HOUR }, CONTEXT);
    await bot.respond(id, { kind: 'silence', until: START + 2 * HOUR }, CONTEXT);
    await run(jobs.silence_end, 'silence_end', id, START + HOUR);
    expect((await bot.incident(id)).silencedUntil).toBe(START + 2 * HOUR);
    await run(jobs.silence_end, 'silence_end', id, START + 2 * HOUR);
    expect((await bot.incident(id)).silencedUntil).toBeUndefined();
  });

  it('says nothing at the end of a silence that was taken back before', async () => {
    const id = await deliver([alert('a')]);
    await bot.respond(id, { kind: 'silence', until: START + HOUR }, CONTEXT);
    await bot.respond(id, { kind: 'unsilence' }, CONTEXT);
    await run(jobs.silence_end, 'silence_end', id, START + HOUR);
    expect((await bot.incident(id)).revision).toBe(3);
  });

  describe('with a heartbeat', () => {
    const beat = () => alert('w', { labels: { alertname: 'Watchdog' }, title: 'Watchdog', severity: 'info' });
    const check = (at: number) => run(jobs.heartbeat, 'heartbeat', 'all', at);

    it('says once that monitoring is silent, and that it is back', async () => {
      await deliver([beat()]);
      await deliver([beat()], START + MINUTE);
      expect(await check(START + 5 * MINUTE)).toBe(5 * MINUTE + 15_000);
      expect(await bot.incidents()).toEqual([]);
      await check(START + 6 * MINUTE);
      await check(START + 7 * MINUTE);
      expect(await bot.incidents()).toMatchObject([
        {
          status: 'open',
          severity: 'critical',
          source: 'zhiban',
          revision: 1,
          labels: { alertname: 'MonitoringSilent' },
        },
      ]);
      await deliver([beat()], START + 8 * MINUTE);
      expect(await bot.incidents()).toMatchObject([{ status: 'resolved', resolvedReason: 'alerts' }]);
    });

    it('waits to be seen twice, and twice again when somebody has dismissed its absence', async () => {
      await deliver([beat()]);
      await check(START + DAY);
      expect(await bot.incidents()).toEqual([]);
      await deliver([beat()], START + DAY);
      await check(START + 10 * DAY);
      const [silent] = await bot.incidents();
      if (silent === undefined) throw new Error('not noticed');
      await bot.respond(silent.id, { kind: 'resolve' }, CONTEXT);
      await check(START + 20 * DAY);
      await check(START + 30 * DAY);
      expect(await bot.incidents()).toMatchObject([{ status: 'resolved', revision: 2 }]);
      const rows = await opened.database.db.selectFrom('heartbeats').selectAll().execute();
      expect(rows).toMatchObject([{ seen: 0 }]);
    });
  });

  it('runs what repeats and puts its row off', async () => {
    let runs = 0;
    const { write, clock } = bot;
    const watch = createWatch({ database: opened.database, write, acceptingSince: () => START });
    const job = repeating({ watch, clock }, DAY, async () => void (runs += 1));
    expect(await run(job, 'retention', 'all', START + HOUR)).toBe(HOUR + DAY);
    expect(runs).toBe(1);
  });
});
