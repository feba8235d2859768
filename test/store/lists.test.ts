import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Engine } from '../../src/store/database.ts';
import { createAlerts } from '../../src/store/alerts.ts';
import { InvalidCursor } from '../../src/store/cursor.ts';
import { createIncidents } from '../../src/store/incidents.ts';
import { MINUTE, START, alert, arrival, resolved } from '../incident/world.ts';
import { insertVerdict } from '../../src/store/verdicts.ts';
import { type Opened, describeEngines, openEngine } from '../support/engines.ts';
import { ALICE, type Bot, CONTEXT, createBot } from './bot.ts';

const RULES = ['Disk full', '磁盘写满', 'Latency 99%', 'OOM', 'Node down'];

describeEngines('lists', (engine: Engine) => {
  let opened: Opened;
  let bot: Bot;
  let incidents: ReturnType<typeof createIncidents>;
  let alerts: ReturnType<typeof createAlerts>;

  beforeAll(async () => {
    opened = await openEngine(engine);
    bot = createBot(opened.database);
    incidents = createIncidents({ database: opened.database });
    alerts = createAlerts({ database: opened.database });
    await bot.addTarget('fallback');
    await bot.addTarget('ops');
    await bot.bind('ops', [{ name: 'severity', op: '=', value: 'critical' }]);
    for (const [at, title] of RULES.entries()) {
      bot.time.now = START + at * MINUTE;
      const groupLabels = { alertname: title, 'odd"name': `v${at}` };
      const severity = at === 0 ? 'critical' : 'warning';
      await bot.accept(arrival([alert(title, { title, groupLabels, severity })], bot.time.now));
    }
    await bot.accept(arrival([resolved('OOM', { groupLabels: { alertname: 'OOM' } })], bot.time.now));
  });
  afterAll(() => opened.close());

  const titles = async (filter: Omit<Parameters<typeof incidents.list>[0], 'limit'>) => {
    const { items } = await incidents.list({ ...filter, limit: 50 });
    return items.map(({ title }) => title);
  };

  it('are newest first and go on where they ended', async () => {
    const first = await incidents.list({ limit: 2 });
    expect(first).toMatchObject({ items: [{ title: 'Node down' }, { title: 'OOM' }], total: 5 });
    const second = await incidents.list({ limit: 2, cursor: first.next ?? '' });
    expect(second.items.map(({ title }) => title)).toEqual(['Latency 99%', '磁盘写满']);
    const third = await incidents.list({ limit: 2, cursor: second.next ?? '' });
    expect(third).toMatchObject({ items: [{ title: 'Disk full' }], next: null, total: 5 });
    await expect(incidents.list({ limit: 2, cursor: 'nonsense' })).rejects.toBeInstanceOf(InvalidCursor);
  });

  it('are found by what people said that they were, and by why it was not what the bot said', async () => {
    const [oom, disk] = [await idOf('OOM'), await idOf('Disk full')];
    const { db } = opened.database;
    await db.updateTable('incidents').set({ cause: 'Leak in the thumbnailer' }).where('id', '=', oom).execute();
    const said = {
      incidentId: disk,
      diagnosisId: 'd',
      family: 'disk',
      causeKey: 'disk/logs',
      actorId: 'a',
      at: 1,
    } as const;
    await insertVerdict(opened.database, {
      ...said,
      cause: 'Logs grow',
      verdict: 'rejected',
      reason: '是备份 100% 占满',
    });
    expect(await titles({ q: 'THUMBNAILER' })).toEqual(['OOM']);
    expect(await titles({ q: 'logs' })).toEqual(['Disk full']);
    expect(await titles({ q: '备份 full' })).toEqual(['Disk full']);
    expect(await titles({ q: '10%%' })).toEqual([]);
  });

  const idOf = async (title: string) => {
    const { items } = await incidents.list({ limit: 50 });
    return items.find((one) => one.title === title)?.id ?? '';
  };

  it('are narrowed by state, severity, time, words, labels, target and person', async () => {
    expect(await titles({ status: ['resolved'] })).toEqual(['OOM']);
    expect(await titles({ severity: ['critical'], status: ['open', 'acknowledged'] })).toEqual(['Disk full']);
    expect(await titles({ from: START + MINUTE, to: START + 3 * MINUTE })).toEqual(['Latency 99%', '磁盘写满']);
    expect(await titles({ q: 'DISK full' })).toEqual(['Disk full']);
    expect(await titles({ q: '磁盘' })).toEqual(['磁盘写满']);
    expect(await titles({ q: '99%' })).toEqual(['Latency 99%']);
    expect(await titles({ q: '9%9' })).toEqual([]);
    expect(await titles({ labels: { alertname: 'OOM' } })).toEqual(['OOM']);
    expect(await titles({ labels: { 'odd"name': 'v4' } })).toEqual(['Node down']);
    expect(await titles({ labels: { 'odd"name': "' or 1=1 --" } })).toEqual([]);
    expect(await titles({ targetId: 'ops' })).toEqual(['Disk full']);
    const [first] = await bot.incidents();
    if (first !== undefined) await bot.respond(first.id, { kind: 'acknowledge' }, CONTEXT);
    expect(await titles({ assigneeIds: [ALICE.id] })).toEqual(['Disk full']);
  });

  it('of alerts are episodes, of one incident or of all', async () => {
    const [first] = await bot.incidents();
    const page = await alerts.list({ limit: 2 });
    expect(page).toMatchObject({ items: [{ title: 'Node down' }, { title: 'OOM', status: 'resolved' }], total: 5 });
    expect((await alerts.list({ limit: 50, cursor: page.next ?? '' })).items).toHaveLength(3);
    const own = await alerts.list({ limit: 5, ...(first === undefined ? {} : { incidentId: first.id }) });
    expect(own).toMatchObject({ items: [{ title: 'Disk full', severity: 'critical' }], total: 1, next: null });
    expect(await alerts.get(own.items[0]?.id ?? '')).toEqual(own.items[0]);
  });

  it('find an incident by its card, and by what was sent about it', async () => {
    const db = opened.database.db;
    const [first] = await bot.incidents();
    await db.updateTable('placements').set({ ref: 'm1' }).where('target_id', '=', 'ops').execute();
    const attempt = {
      id: 'x',
      target_id: 'ops',
      revision: 1,
      verb: 'send',
      at: 1,
      latency_ms: 1,
      outcome: 'ok',
      error: null,
    };
    await db
      .insertInto('attempts')
      .values({ ...attempt, subject_id: first?.id ?? '', ref: 'm2' })
      .execute();
    expect(await incidents.ofMessage('ops', 'm1')).toBe(first?.id);
    expect(await incidents.ofCard('ops', 'm1')).toBe(first?.id);
    expect(await incidents.ofMessage('ops', 'm2')).toBe(first?.id);
    expect(await incidents.ofCard('ops', 'm2')).toBeUndefined();
    expect(await incidents.ofMessage('fallback', 'm1')).toBeUndefined();
  });

  it('give one incident and all its card needs', async () => {
    const [first] = await bot.incidents();
    if (first === undefined) throw new Error('none');
    expect(await incidents.get(first.id)).toMatchObject({ title: 'Disk full' });
    expect(await incidents.view(first.id)).toMatchObject({ alerts: [{ title: 'Disk full' }] });
  });
});
