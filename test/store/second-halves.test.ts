import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Diagnosis } from '../../src/diagnose/diagnosis.ts';
import type { IncidentId } from '../../src/incident/incident.ts';
import type { Engine } from '../../src/store/database.ts';
import { createDiagnoses } from '../../src/store/diagnoses.ts';
import { createSecondHalves } from '../../src/store/second-halves.ts';
import { START, alert, arrival } from '../incident/world.ts';
import { type Opened, describeEngines, openEngine } from '../support/engines.ts';
import { type Bot, CONTEXT, createBot } from './bot.ts';

const RULES: Omit<Diagnosis, 'id' | 'incidentId'> = {
  status: 'ready',
  provider: 'rules',
  promptVersion: 'rules.v1',
  family: 'crash_loop',
  summary: 'It crashes.',
  causes: [{ statement: 'Bad settings', confidence: 0.5, evidenceIds: ['E1'], key: 'crash_loop/config' }],
  steps: [],
  evidence: [{ id: 'E1', source: 'alert', title: 'Alert', text: 'x', at: START }],
  confidence: 0.5,
  createdAt: START,
  origin: { awaiting: true, digest: 'd1' },
};

describeEngines('diagnoses that wait for a model', (engine: Engine) => {
  let opened: Opened;
  let bot: Bot;
  let diagnoses: ReturnType<typeof createDiagnoses>;
  let halves: ReturnType<typeof createSecondHalves>;
  let id: IncidentId;
  beforeEach(async () => {
    opened = await openEngine(engine);
    bot = createBot(opened.database);
    await bot.addTarget('fallback');
    const deps = { database: opened.database, write: bot.write, respondIn: bot.respondIn };
    diagnoses = createDiagnoses(deps);
    halves = createSecondHalves(deps);
    const [first] = (await bot.accept(arrival([alert('a')], bot.time.now))).incidents;
    if (first === undefined) throw new Error('no incident');
    id = first.id;
  });
  afterEach(() => opened.close());

  const revision = async (): Promise<number> =>
    (await opened.database.db.selectFrom('incidents').select('revision').where('id', '=', id).executeTakeFirstOrThrow())
      .revision;
  const dueModels = () =>
    opened.database.db.selectFrom('due').select('subject_id').where('kind', '=', 'model').execute();
  const origins = async (): Promise<unknown[]> =>
    (await opened.database.db.selectFrom('diagnoses').select('origin').orderBy('created_at').execute()).map(
      ({ origin }) => JSON.parse(origin ?? '{}'),
    );
  async function waiting(): Promise<Diagnosis> {
    await diagnoses.record({ ...RULES, incidentId: id });
    const found = await halves.waiting(id);
    if (found === undefined) throw new Error('nothing waits');
    return found.diagnosis;
  }
  const answer = (incidentId: string): Omit<Diagnosis, 'id'> => ({
    ...RULES,
    incidentId,
    provider: 'openai',
    createdAt: START + 1,
    origin: { model: 'm', digest: 'd1' },
  });

  it('are due for a model in the transaction that stores them', async () => {
    await waiting();
    expect(await dueModels()).toEqual([{ subject_id: id }]);
    await diagnoses.record({ ...RULES, incidentId: id, createdAt: START + 5, origin: { digest: 'd1' } });
    expect(await halves.waiting(id)).toBeUndefined();
  });

  it("give way to the model's answer, in one revision", async () => {
    const before = await waiting();
    const from = await revision();
    expect(await halves.replace(before, answer(id))).toBe(true);
    expect(await revision()).toBe(from + 1);
    expect(await origins()).toEqual([{ digest: 'd1' }, { model: 'm', digest: 'd1' }]);
    expect(await halves.replace(before, answer(id))).toBe(false);
  });

  it('stay when a person decided meanwhile', async () => {
    const before = await waiting();
    await bot.respond(id, { kind: 'confirm', diagnosisId: before.id }, CONTEXT);
    expect(await halves.waiting(id)).toMatchObject({ wanted: false });
    expect(await halves.replace(before, answer(id))).toBe(false);
    expect(await origins()).toEqual([{ digest: 'd1' }]);
  });

  it('say why no model answered, once, and what it said without form', async () => {
    const before = await waiting();
    const from = await revision();
    await halves.giveUp(before, 'timeout', 'I think it is the disk');
    expect(await revision()).toBe(from + 1);
    expect(await origins()).toEqual([{ digest: 'd1', shortfall: 'timeout', said: 'I think it is the disk' }]);
    const story = await opened.database.db
      .selectFrom('timeline')
      .select('data')
      .where('kind', '=', 'diagnosis')
      .execute();
    expect(story.map(({ data }) => JSON.parse(data))).toContainEqual(expect.objectContaining({ shortfall: 'timeout' }));
    await halves.giveUp(before);
    expect(await revision()).toBe(from + 1);
  });

  it('remember what identical evidence was diagnosed as, until a person rejects it', async () => {
    const cached = {
      draft: { ...RULES, status: 'ready' as const },
      ids: ['E1', 'E3'],
      provider: 'openai',
      promptVersion: 'v',
      origin: {},
    };
    await halves.remember('d1', cached, START);
    await halves.remember('d1', { ...cached, provider: 'dify' }, START + 1);
    expect(await halves.cached('d1', START)).toMatchObject({ ids: ['E1', 'E3'], provider: 'dify', at: START + 1 });
    expect(await halves.cached('d1', START + 2)).toBeUndefined();
    const before = await waiting();
    await halves.replace(before, answer(id));
    const latest = await opened.database.db
      .selectFrom('diagnoses')
      .select('id')
      .where('provider', '=', 'openai')
      .executeTakeFirstOrThrow();
    await bot.respond(id, { kind: 'reject', diagnosisId: latest.id, reason: 'no' }, CONTEXT);
    expect(await halves.cached('d1', START)).toBeUndefined();
  });

  it('tell the provider of a verdict about its answer', async () => {
    const before = await waiting();
    const origin = { model: 'm', feedback: { messageId: 'm1', subject: `incident-${id}` } };
    await halves.replace(before, { ...answer(id), origin });
    await bot.respond(id, { kind: 'reject', reason: 'wrong host' }, CONTEXT);
    const row = await opened.database.db
      .selectFrom('due')
      .select('payload')
      .where('kind', '=', 'feedback')
      .executeTakeFirstOrThrow();
    expect(JSON.parse(row.payload ?? '')).toMatchObject({
      provider: 'openai',
      messageId: 'm1',
      liked: false,
      words: 'wrong host',
    });
  });
});
