import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Engine } from '../../src/store/database.ts';
import { MINUTE, START, alert, arrival, resolved } from '../incident/world.ts';
import { type Opened, describeEngines, openEngine } from '../support/engines.ts';
import { type Bot, createBot } from './bot.ts';

describeEngines('accepting alerts', (engine: Engine) => {
  let opened: Opened;
  let bot: Bot;
  beforeEach(async () => {
    opened = await openEngine(engine);
    bot = createBot(opened.database);
    await bot.addTarget('fallback');
  });
  afterEach(() => opened.close());

  const deliver = (list: Parameters<typeof arrival>[0], at = START, targetId?: string) => {
    bot.time.now = at;
    return bot.accept({ ...arrival(list, at), ...(targetId === undefined ? {} : { targetId }) });
  };

  it('answers with the incident, created once and then merely touched', async () => {
    const first = await deliver([alert('a')]);
    expect(first.incidents).toEqual([{ id: 'INC-20261122-001', status: 'open', created: true }]);
    expect((await deliver([alert('a')], START + MINUTE)).incidents).toEqual([
      { id: 'INC-20261122-001', status: 'open', created: false },
    ]);
    expect((await deliver([resolved('a')], START + 2 * MINUTE)).incidents).toMatchObject([{ status: 'resolved' }]);
  });

  it('says created to the one request of a batch that opened it', async () => {
    const answered = await Promise.all([1, 2, 3, 4].map(() => deliver([alert('a')])));
    expect(answered.flatMap(({ incidents }) => incidents.map(({ created }) => created))).toEqual([
      true,
      false,
      false,
      false,
    ]);
  });

  it('stores the whole alert and reads it back', async () => {
    await deliver([
      alert('a', { startsAt: START - 5, severityRaw: 'page', links: [{ kind: 'graph', url: 'http://x/y' }] }),
    ]);
    const [row] = await bot.alerts();
    expect(row).toMatchObject({
      incident_id: 'INC-20261122-001',
      current: 1,
      status: 'firing',
      starts_at: START - 5,
      severity_raw: 'page',
      links: '[{"kind":"graph","url":"http://x/y"}]',
      joined_revision: 1,
    });
    const [incident] = await bot.incidents();
    expect(incident).toMatchObject({
      labels: { alertname: 'HighLatency', instance: 'a' },
      links: [{ kind: 'graph', url: 'http://x/y' }],
      firingCount: 1,
      lastSeenAt: START,
    });
  });

  it('decides requests of one batch in the order they came, with one revision and one line each', async () => {
    await Promise.all([
      deliver([alert('a')]),
      deliver([alert('b'), alert('c')]),
      deliver([resolved('b')]),
      deliver([alert('other', { groupLabels: { alertname: 'Disk' } })]),
    ]);
    const incidents = await bot.incidents();
    expect(incidents).toMatchObject([
      { id: 'INC-20261122-001', alertsCount: 3, firingCount: 2 },
      { id: 'INC-20261122-002', alertsCount: 1 },
    ]);
    expect((await bot.timeline()).map(({ kind }) => kind).toSorted()).toEqual(['alerts', 'alerts', 'opened', 'opened']);
  });

  it('keeps one current episode for each alert and the former ones', async () => {
    await deliver([alert('a')]);
    await deliver([resolved('a')], START + MINUTE);
    await Promise.all([
      deliver([alert('a')], START + 2 * MINUTE),
      deliver([resolved('a')], START + 2 * MINUTE),
      deliver([alert('a')], START + 2 * MINUTE),
    ]);
    const rows = await bot.alerts();
    expect(rows.map(({ status, current }) => [status, current])).toEqual([
      ['resolved', 0],
      ['resolved', 0],
      ['firing', 1],
    ]);
    expect(await bot.incidents()).toMatchObject([{ status: 'open', alertsCount: 1, firingCount: 1 }]);
  });

  it('writes nothing but counters for repeats', async () => {
    await deliver([alert('a')]);
    const placements = await bot.placements();
    bot.hints.length = 0;
    await deliver([alert('a')], START + MINUTE);
    expect(await bot.placements()).toEqual(placements);
    expect(await bot.incidents()).toMatchObject([{ revision: 1, lastSeenAt: START + MINUTE }]);
    expect(await bot.alerts()).toMatchObject([{ repeats: 1, last_seen_at: START + MINUTE, longest_gap_ms: MINUTE }]);
    expect(await bot.timeline()).toHaveLength(1);
    expect(bot.hints).toEqual([]);
  });

  it('keeps the latest words of a repeat', async () => {
    await deliver([alert('a', { summary: '91 %', annotations: { summary: '91 %' } })]);
    await deliver([alert('a', { summary: '99 %', annotations: { summary: '99 %' } })], START + MINUTE);
    expect(await bot.alerts()).toMatchObject([{ summary: '99 %', annotations: '{"summary":"99 %"}', repeats: 1 }]);
    expect(await bot.incidents()).toMatchObject([{ revision: 1 }]);
  });

  it('hints at targets, due work and incidents', async () => {
    await deliver([alert('a', { severity: 'critical' })]);
    expect(bot.hints).toEqual(
      expect.arrayContaining([
        { kind: 'incident', id: 'INC-20261122-001', revision: 1 },
        { kind: 'target', id: 'fallback' },
        { kind: 'due', id: 'diagnose', at: START + 300 },
        { kind: 'due', id: 'remind', at: START + bot.policy.remindAfterMs },
      ]),
    );
  });

  it('schedules a diagnosis, a reminder for the critical and a look at staleness', async () => {
    await deliver([alert('a', { severity: 'critical' })]);
    expect(await bot.due()).toEqual([
      { kind: 'diagnose', subject: 'INC-20261122-001', inMs: 300 },
      { kind: 'remind', subject: 'INC-20261122-001', inMs: 15 * MINUTE },
      { kind: 'stale', subject: 'INC-20261122-001', inMs: 600 * MINUTE },
    ]);
    await opened.database.db.deleteFrom('due').execute();
    await deliver([alert('b')], START + MINUTE);
    expect(await bot.due()).toEqual([]);
  });

  it('never looks for staleness of a sender that does not repeat', async () => {
    await deliver([alert('a', { source: 'custom' })]);
    expect((await bot.due()).map(({ kind }) => kind)).toEqual(['diagnose']);
  });

  it('counts heartbeats without an incident', async () => {
    const beat = alert('w', { labels: { alertname: 'Watchdog' }, title: 'Watchdog' });
    await deliver([beat]);
    expect((await deliver([beat], START + MINUTE)).incidents).toEqual([]);
    expect(await opened.database.db.selectFrom('heartbeats').selectAll().execute()).toMatchObject([
      { seen: 2, longest_gap_ms: MINUTE },
    ]);
    expect(await bot.incidents()).toEqual([]);
  });

  it('does not take an outage of ours for a gap of the sender', async () => {
    const db = opened.database.db;
    await db
      .insertInto('uptime')
      .values({ started_at: START - 3000, until_at: START - 2900 })
      .execute();
    await deliver([alert('a')], START - 3000);
    await deliver([alert('a')], START);
    expect(await bot.alerts()).toMatchObject([{ longest_gap_ms: 1100 }]);
  });

  it('keeps label names that look like parts of an object', async () => {
    const labels = JSON.parse('{"__proto__":"p","constructor":"c","toString":"t"}') as Record<string, string>;
    await deliver([alert('a', { labels }), alert('b', { labels })]);
    const [row] = await bot.alerts();
    expect(JSON.parse(row?.labels ?? '')).toEqual(labels);
  });

  it('gives a request larger than any batch all it asks', async () => {
    const group = Array.from({ length: 600 }, (_, at) => alert(`a${at}`));
    expect((await deliver(group)).incidents).toHaveLength(1);
    expect(await bot.incidents()).toMatchObject([{ alertsCount: 600, firingCount: 600 }]);
  });
});
