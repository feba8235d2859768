import { afterEach, beforeEach, expect, it } from 'vitest';
import { createDiagnoser } from '../../src/diagnose/diagnose.ts';
import { createIndexer } from '../../src/diagnose/indexing.ts';
import { createRules } from '../../src/diagnose/providers/rules.ts';
import type { IncidentId } from '../../src/incident/incident.ts';
import type { Engine } from '../../src/store/database.ts';
import { diagnosisOf } from '../../src/store/delivery/rows.ts';
import { createDiagnoses } from '../../src/store/diagnoses.ts';
import { createSearch } from '../../src/store/search.ts';
import { createMetrics } from '../../src/telemetry/metrics.ts';
import { PLAIN } from '../diagnose/world.ts';
import { HOUR, MINUTE, START, alert, arrival } from '../incident/world.ts';
import { type Opened, SILENT, describeEngines, openEngine } from '../support/engines.ts';
import { type Bot, CONTEXT, createBot } from './bot.ts';

describeEngines('diagnosing what is stored', (engine: Engine) => {
  let opened: Opened;
  let bot: Bot;
  let diagnoses: ReturnType<typeof createDiagnoses>;
  let search: ReturnType<typeof createSearch>;
  beforeEach(async () => {
    opened = await openEngine(engine);
    bot = createBot(opened.database);
    await bot.addTarget('fallback');
    const { database } = opened;
    diagnoses = createDiagnoses({ database, write: bot.write, respondIn: bot.respondIn });
    search = createSearch({ database, write: bot.write });
  });
  afterEach(() => opened.close());

  const labels = { alertname: 'KubePodCrashLooping', namespace: 'prod', service: 'payment' };
  async function crash(pod: string): Promise<IncidentId> {
    const given = alert(pod, { title: 'Pod is crash looping', labels: { ...labels, pod }, groupLabels: labels });
    const [first] = (await bot.accept(arrival([given], bot.time.now))).incidents;
    if (first === undefined) throw new Error('no incident');
    return first.id;
  }
  async function diagnose(id: string) {
    bot.time.now += MINUTE;
    const ports = { ...diagnoses, ...search };
    const deps = {
      ...PLAIN,
      provider: createRules(),
      clock: bot.clock,
      log: SILENT,
      metrics: createMetrics(),
      locale: 'en-US',
    } as const;
    await createDiagnoser({ ...deps, ports }).run(id, new AbortController().signal);
    return latest(id);
  }
  async function latest(id: string) {
    const rows = await opened.database.db
      .selectFrom('diagnoses')
      .selectAll()
      .where('incident_id', '=', id)
      .orderBy('id')
      .execute();
    const row = rows.at(-1);
    if (row === undefined) throw new Error('no diagnosis');
    return diagnosisOf(row);
  }
  const index = (id: string) =>
    createIndexer({ ports: { ...diagnoses, ...search } }).run(id, new AbortController().signal);
  const documents = async () => (await search.corpus([])).documents;

  it('gives the incident with its alerts, those that fire first', async () => {
    const id = await crash('payment-1');
    const facts = await diagnoses.facts(id);
    expect(facts?.incident).toMatchObject({ id, title: 'Pod is crash looping', status: 'open', labels });
    expect(facts?.alerts.map(({ status, labels: own }) => [status, own['pod']])).toEqual([['firing', 'payment-1']]);
    expect(await diagnoses.facts('INC-20200101-001')).toBeUndefined();
  });

  it('counts the newest, also when the clock of the replica before was ahead', async () => {
    const id = await crash('payment-1');
    const first = await diagnose(id);
    bot.time.now -= HOUR;
    const second = await diagnose(id);
    expect(second.id).not.toBe(first.id);
    expect(second.createdAt).toBe(first.createdAt + 1);
  });

  it('stores a diagnosis with the revision that shows it, and a line in the story', async () => {
    const id = await crash('payment-1');
    const before = await bot.incident(id);
    const diagnosis = await diagnose(id);
    expect(diagnosis).toMatchObject({ incidentId: id, status: 'ready', family: 'crash_loop', provider: 'rules' });
    expect((await bot.incident(id)).revision).toBe(before.revision + 1);
    expect((await bot.timeline()).at(-1)).toMatchObject({ kind: 'diagnosis', actor_id: 'system' });
    expect(await bot.placements()).toMatchObject([{ wanted_revision: before.revision + 1 }]);
    expect(bot.hints).toContainEqual({ kind: 'incident', id, revision: before.revision + 1 });
  });

  it('stores nothing for an incident that is gone when the diagnosis is ready', async () => {
    const id = await crash('payment-1');
    const { id: _, ...diagnosis } = await diagnose(id);
    await opened.database.db.deleteFrom('incidents').execute();
    await opened.database.db.deleteFrom('diagnoses').execute();
    await diagnoses.record(diagnosis);
    expect(await opened.database.db.selectFrom('diagnoses').selectAll().execute()).toEqual([]);
  });

  it('leaves neither the diagnosis nor the revision when storing fails half way', async () => {
    const id = await crash('payment-1');
    const { id: _, ...diagnosis } = await diagnose(id);
    const before = await bot.incident(id);
    const failing = { ...diagnosis, confidence: Number.NaN, createdAt: Number.NaN };
    await expect(diagnoses.record(failing)).rejects.toThrow(/./);
    expect((await bot.incident(id)).revision).toBe(before.revision);
  });

  it('offers another cause after a rejection, and lets a confirmation teach the next incident', async () => {
    const first = await crash('payment-1');
    const offered = await diagnose(first);
    await bot.respond(first, { kind: 'reject', reason: 'config is fine' }, CONTEXT);
    const again = await diagnose(first);
    expect(again.causes[0]?.key).not.toBe(offered.causes[0]?.key);
    await bot.respond(first, { kind: 'confirm' }, CONTEXT);
    await bot.respond(first, { kind: 'resolve' }, CONTEXT);
    bot.time.now = START + 5 * HOUR;
    const next = await crash('payment-2');
    expect(next).not.toBe(first);
    const learnt = await diagnose(next);
    expect(learnt.causes[0]).toMatchObject({ key: again.causes[0]?.key, seen: 1, confirmed: 1 });
    expect(learnt.confidence).toBeGreaterThan(again.confidence);
  });

  it('remembers what was written when a similar incident was resolved', async () => {
    const first = await crash('payment-1');
    await bot.respond(first, { kind: 'resolve', cause: 'Secret 没有随密码轮换更新' }, CONTEXT);
    await index(first);
    bot.time.now = START + 5 * HOUR;
    const diagnosis = await diagnose(await crash('payment-2'));
    expect(diagnosis.evidence.find(({ source }) => source === 'incident')?.query).toBe(first);
    expect(diagnosis.causes.some(({ statement }) => statement.includes('Secret 没有随密码轮换更新'))).toBe(true);
  });

  it('indexes an incident only once it is closed', async () => {
    const id = await crash('payment-1');
    await index(id);
    expect(await documents()).toBe(0);
    await bot.respond(id, { kind: 'resolve' }, CONTEXT);
    await index(id);
    await index(id);
    expect(await documents()).toBe(1);
    const [found] = await search.candidates({ terms: ['payment'], family: 'crash_loop', limit: 5 });
    expect(found?.id).toBe(id);
  });
});
