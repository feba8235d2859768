import { afterEach, beforeEach, expect, it } from 'vitest';
import type { IncidentId } from '../../src/incident/incident.ts';
import type { Policy } from '../../src/incident/ports.ts';
import { createPageJob } from '../../src/jobs/page-job.ts';
import type { DueWork } from '../../src/jobs/ports.ts';
import type { Engine } from '../../src/store/database.ts';
import { claimDue } from '../../src/store/due.ts';
import { createPageRows } from '../../src/store/paging.ts';
import { HOUR, MINUTE, POLICY, START, alert, arrival, resolved } from '../incident/world.ts';
import { type Bot, CONTEXT, createBot } from '../store/bot.ts';
import { type Opened, describeEngines, openEngine } from '../support/engines.ts';

const AFTER = 10 * MINUTE;
const PAGING: Policy = { ...POLICY, paging: { afterMs: AFTER, steps: ['app', 'sms'] } };

describeEngines('the job that pages', (engine: Engine) => {
  let opened: Opened;
  let bot: Bot;
  let page: (work: DueWork) => Promise<void>;
  beforeEach(async () => {
    opened = await openEngine(engine);
    bot = createBot(opened.database, PAGING);
    const { write, clock } = bot;
    page = createPageJob({ write, clock, policy: PAGING, rows: createPageRows(['playground']) });
    await bot.addTarget('fallback');
    await bot.addTarget('elsewhere');
    await bot.bind('elsewhere');
    await bot.bind('fallback');
  });
  afterEach(() => opened.close());

  async function deliver(list: Parameters<typeof arrival>[0], at = START): Promise<IncidentId> {
    bot.time.now = at;
    const { incidents } = await bot.accept(arrival(list, at));
    return incidents[0]?.id ?? ('' as IncidentId);
  }
  const critical = (at = START) => deliver([alert('a', { severity: 'critical' })], at);
  async function claim(at: number): Promise<DueWork | undefined> {
    bot.time.now = at;
    const [work] = await bot.write('job', (trx) => claimDue(trx, 'page', 1, at, MINUTE));
    return work;
  }
  /** Runs what is due, as its loop would; resolves to whether something was. */
  async function run(at: number): Promise<boolean> {
    const work = await claim(at);
    if (work !== undefined) await page(work);
    return work !== undefined;
  }
  const pages = () =>
    opened.database.db.selectFrom('outbox').selectAll().where('kind', '=', 'page').orderBy('id').execute();
  const planned = async () => (await bot.due()).filter(({ kind }) => kind === 'page').map(({ inMs }) => inMs);
  const link = async (name: string, role: string, externalId: string, channel = 'playground') => {
    const { db } = opened.database;
    await db.insertInto('operators').values({ id: name, name, role, created_at: 0 }).execute();
    await db.insertInto('operator_ids').values({ operator_id: name, channel, external_id: externalId }).execute();
  };

  it('calls nobody twice in five minutes for different incidents, and comes back to those that wait', async () => {
    await link('Li', 'responder', 'ou_li');
    const other = (name: string, at: number) =>
      deliver([alert(name, { severity: 'critical', groupLabels: { alertname: name } })], at);
    const first = await critical();
    const second = await other('b', START + MINUTE);
    const of = async (id: string) => (await pages()).filter((row) => row.incident_id === id).length;
    await run(START + AFTER);
    await run(START + AFTER + MINUTE);
    expect([await of(first), await of(second)]).toEqual([2, 0]);
    await run(START + AFTER + 6 * MINUTE);
    expect([await of(first), await of(second)]).toEqual([2, 2]);
    await link('Wang', 'admin', 'ou_wang');
    const third = await other('c', START + 7 * MINUTE);
    await run(START + AFTER + 7 * MINUTE);
    const [last] = (await pages()).filter((row) => row.incident_id === third);
    expect(JSON.parse(last?.mentions ?? '')).toEqual([{ id: 'ou_wang', name: 'Wang' }]);
  });

  it('calls people again at once when the clock was set back since it called them', async () => {
    await link('Li', 'responder', 'ou_li');
    await critical(START + HOUR);
    await run(START + HOUR + AFTER);
    const before = (await pages()).length;
    await deliver([alert('b', { severity: 'critical', groupLabels: { alertname: 'b' } })], START);
    await run(START + AFTER);
    expect([before, (await pages()).length]).toEqual([2, 4]);
  });

  it('writes one page a step for each place that shows the incident, to the people on duty there', async () => {
    await link('Li', 'responder', 'ou_li');
    await link('Wang', 'admin', 'ou_wang');
    await link('Zhao', 'reader', 'ou_zhao');
    const id = await critical();
    expect(await planned()).toEqual([AFTER]);
    expect(await run(START + AFTER - 1)).toBe(false);
    expect(await run(START + AFTER)).toBe(true);
    const [first, ...rest] = await pages();
    expect([first, ...rest].map((row) => row?.target_id)).toEqual(['elsewhere', 'fallback']);
    expect(first).toMatchObject({ incident_id: id, after_subject: id, priority: 15, expires_at: null });
    expect(JSON.parse(first?.payload ?? '')).toEqual({ kind: 'page', step: 'app', since: START });
    expect(JSON.parse(first?.mentions ?? '')).toEqual([
      { id: 'ou_li', name: 'Li' },
      { id: 'ou_wang', name: 'Wang' },
    ]);
    expect(await planned()).toEqual([AFTER]);
    expect(await run(START + 2 * AFTER)).toBe(true);
    expect((await pages()).map(({ event, state }) => `${event} ${state}`)).toEqual([
      'page_app expired',
      'page_app expired',
      'page_sms due',
      'page_sms due',
    ]);
    expect(await planned()).toEqual([]);
  });

  it('calls the assignee, and the people on duty when the assignee cannot be called there', async () => {
    await link('Li', 'responder', 'ou_li');
    await link('Chen', 'reader', 'x', 'telegram');
    const id = await critical();
    await bot.respond(id, { kind: 'assign', toId: 'playground:ou_wang', toName: 'Wang' }, CONTEXT);
    await run(START + AFTER);
    await bot.respond(id, { kind: 'assign', toId: 'telegram:x', toName: 'Chen' }, CONTEXT);
    await run(START + 2 * AFTER);
    const people = (await pages()).map(({ mentions }) => mentions);
    expect(people[0]).toContain('Wang');
    expect(people[0]).not.toContain('Li');
    expect(people.at(-1)).toContain('Li');
  });

  it('writes a page for nobody too, so that somebody hears that nobody can be called', async () => {
    await critical();
    await run(START + AFTER);
    expect((await pages()).map(({ mentions }) => mentions)).toEqual(['[]', '[]']);
  });

  it('writes nothing once somebody acknowledged, resolved or silenced it, nor when it is no longer critical', async () => {
    const id = await critical();
    await bot.respond(id, { kind: 'acknowledge' }, CONTEXT);
    await deliver([alert('b', { severity: 'critical' })], START + MINUTE);
    await run(START + AFTER);
    const resolvedOne = await deliver([alert('r', { severity: 'critical', groupLabels: { alertname: 'R' } })]);
    await bot.respond(resolvedOne, { kind: 'resolve' }, CONTEXT);
    await run(START + AFTER);
    const silenced = await deliver([alert('s', { severity: 'critical', groupLabels: { alertname: 'S' } })]);
    await bot.respond(silenced, { kind: 'silence', until: START + HOUR }, CONTEXT);
    await run(START + AFTER);
    const group = { groupLabels: { alertname: 'F' } };
    await deliver([alert('f', { severity: 'critical', ...group }), alert('g', group)]);
    await deliver([resolved('f', group)]);
    await run(START + AFTER);
    expect(await pages()).toEqual([]);
    expect(await planned()).toEqual([]);
  });

  it('starts from the first step when it rises to critical, reopens, or its silence is over', async () => {
    const id = await deliver([alert('a')]);
    expect(await planned()).toEqual([]);
    await deliver([alert('b', { severity: 'critical' })], START + MINUTE);
    expect(await planned()).toEqual([AFTER]);
    await run(START + MINUTE + AFTER);
    await bot.respond(id, { kind: 'resolve' }, CONTEXT);
    bot.time.now = START + HOUR;
    await bot.respond(id, { kind: 'reopen' }, CONTEXT);
    expect(await planned()).toEqual([AFTER]);
    await run(START + HOUR + AFTER);
    const episodes = (await pages()).map(({ payload }) => JSON.parse(payload) as { step: string; since: number });
    expect([...new Set(episodes.map(({ step, since }) => `${step} ${since - START}`))]).toEqual([
      `app ${MINUTE}`,
      `app ${HOUR}`,
    ]);
    await bot.respond(id, { kind: 'silence', until: START + 3 * HOUR }, CONTEXT);
    expect(await run(START + HOUR + 2 * AFTER)).toBe(true);
    await bot.respond(id, { kind: 'unsilence' }, CONTEXT);
    expect(await planned()).toEqual([AFTER]);
  });

  it('leaves alone what was planned anew while it was claimed', async () => {
    const id = await critical();
    const work = await claim(START + AFTER);
    if (work === undefined) throw new Error('nothing was due');
    await bot.respond(id, { kind: 'resolve' }, CONTEXT);
    await bot.respond(id, { kind: 'reopen' }, CONTEXT);
    await page(work);
    expect(await pages()).toEqual([]);
    expect(await planned()).toEqual([AFTER]);
  });

  it('writes nothing twice when it is run twice', async () => {
    await critical();
    const work = await claim(START + AFTER);
    if (work === undefined) throw new Error('nothing was due');
    await page(work);
    await page(work);
    expect(await pages()).toHaveLength(2);
  });

  it('pages only where a channel can, and not at dead or disabled targets', async () => {
    await critical();
    const { db } = opened.database;
    await db.updateTable('targets').set({ channel: 'webhook' }).where('id', '=', 'fallback').execute();
    await db.updateTable('targets').set({ state: 'dead' }).where('id', '=', 'elsewhere').execute();
    await run(START + AFTER);
    expect(await pages()).toEqual([]);
  });
});
