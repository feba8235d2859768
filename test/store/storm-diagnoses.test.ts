import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Diagnosis } from '../../src/diagnose/diagnosis.ts';
import type { StormPorts } from '../../src/diagnose/storm/ports.ts';
import type { Engine } from '../../src/store/database.ts';
import { insertDiagnosis } from '../../src/store/diagnoses.ts';
import { prune } from '../../src/store/retention.ts';
import { createStormDiagnoses } from '../../src/store/storm-diagnoses.ts';
import { createToldBy } from '../../src/store/told-by.ts';
import { type World, openWorld } from '../delivery/world.ts';
import { describeEngines } from '../support/engines.ts';

const ROOM = 'room-1';
const diagnosis = (incidentId: string, more: Partial<Diagnosis> = {}): Diagnosis => ({
  id: incidentId,
  incidentId,
  status: 'ready',
  provider: 'rules',
  promptVersion: 'rules.v1',
  family: 'crash_loop',
  summary: 'It crashes.',
  causes: [{ statement: 'Bad settings', confidence: 0.5, evidenceIds: ['E1'], key: 'crash_loop/config' }],
  steps: [],
  evidence: [{ id: 'E1', source: 'alert', title: 'Alert', text: 'x', at: 1 }],
  confidence: 0.5,
  createdAt: 1,
  ...more,
});

describeEngines('the diagnosis of a storm', (engine: Engine) => {
  let world: World;
  let storms: StormPorts;
  let ids: readonly string[];
  beforeEach(async () => {
    world = await openWorld(engine, { channels: [], stormPerMinute: 5 });
    await world.addTarget(ROOM);
    storms = createStormDiagnoses(world);
    ids = await world.alert(['a', 'b', 'c', 'd']);
  });
  afterEach(() => world.close());

  const toldBy = (id: string | undefined) => createToldBy(world.database)(id ?? '');
  const fold = (...some: readonly string[]) =>
    world.write('delivery', (trx) => world.store.fold(trx, ROOM, some, world.clock.now()));
  const admit = (...some: readonly string[]) =>
    world.write('delivery', (trx) => world.store.admit(trx, ROOM, some, () => crypto.randomUUID()));
  const stormId = async (): Promise<string> =>
    (await world.database.db.selectFrom('storms').select('id').executeTakeFirstOrThrow()).id;
  const due = () =>
    world.database.db.selectFrom('due').select(['subject_id', 'due_at']).where('kind', '=', 'storm_model').execute();
  const views = async () => {
    const id = await stormId();
    return world.write('delivery', (trx) => world.store.stormViews(trx, [id]));
  };

  it('is due once, twenty seconds after the storm started', async () => {
    const before = world.clock.now();
    await fold(...ids.slice(0, 2));
    world.time.ahead += 5000;
    await fold(...ids.slice(2));
    const [row, ...others] = await due();
    expect(others).toEqual([]);
    expect(row?.subject_id).toBe(await stormId());
    expect((row?.due_at ?? 0) - before).toBeGreaterThanOrEqual(20_000);
    expect((row?.due_at ?? 0) - before).toBeLessThan(23_000);
  });

  it('knows the members, what the rules made of each, and the evidence of the worst', async () => {
    const [a = '', b = ''] = ids;
    await fold(...ids);
    await world.write('job', async (trx) => {
      await insertDiagnosis(trx, diagnosis(a, { createdAt: 1, family: 'disk' }));
      await insertDiagnosis(trx, diagnosis(a, { createdAt: 2 }));
      await insertDiagnosis(trx, diagnosis(a, { createdAt: 3, provider: 'openai', family: 'dns' }));
    });
    const storm = await storms.storm(await stormId());
    expect(storm).toMatchObject({ total: 4, ended: false });
    expect(storm?.last).toBeUndefined();
    expect(storm?.members.map(({ id }) => id).toSorted()).toEqual([...ids].toSorted());
    const member = (id: string) => storm?.members.find((one) => one.id === id);
    expect(member(a)).toMatchObject({
      family: 'crash_loop',
      cause: { key: 'crash_loop/config' },
      evidence: [{ id: 'E1' }],
    });
    expect(member(b)).toMatchObject({ family: '', evidence: [], resolved: false });
    expect(await storms.storm('STORM-none')).toBeUndefined();
  });

  it('is kept with a revision of the storm, and its card has it', async () => {
    await fold(...ids);
    const id = await stormId();
    const before = (await views()).get(id);
    expect(before?.diagnosis).toBeUndefined();
    await storms.keep(id, { diagnosis: diagnosis(id), total: 4, turn: 1 });
    await storms.keep(id, { diagnosis: diagnosis(id, { summary: 'The node is gone.' }), total: 4, turn: 1 });
    const after = (await views()).get(id);
    expect(after).toMatchObject({ revision: (before?.revision ?? 0) + 2, diagnosis: { summary: 'The node is gone.' } });
    expect((await storms.storm(id))?.last).toMatchObject({ total: 4, turn: 1 });
    const placement = (await world.placements()).find(({ subject_id: subject }) => subject === id);
    expect(placement?.wanted_revision).toBe(after?.revision);
    await storms.keep('STORM-none', { diagnosis: diagnosis('STORM-none'), total: 1, turn: 1 });
  });

  it('is looked at again later, while the row is being worked on', async () => {
    await fold(...ids);
    const id = await stormId();
    await storms.lookAgain(id, 5_000_000_000_000);
    expect(await due()).toEqual([{ subject_id: id, due_at: 5_000_000_000_000 }]);
  });

  it('goes with its storm', async () => {
    await fold(...ids);
    const id = await stormId();
    await storms.keep(id, { diagnosis: diagnosis(id), total: 4, turn: 1 });
    await world.database.db.updateTable('storms').set({ ended_at: 1 }).execute();
    await world.database.db.deleteFrom('due').where('kind', '=', 'storm').execute();
    await prune(world, world.clock.now() + 60_000, 1000);
    expect(await world.database.db.selectFrom('storm_diagnoses').selectAll().execute()).toEqual([]);
  });

  it('tells of those folded everywhere, and of the first of the rush that became it', async () => {
    const [a = '', b = '', c = '', d = ''] = ids;
    expect(await toldBy(a)).toBe('undecided');
    await admit(a);
    expect(await toldBy(a)).toBe('own');
    await fold(b, c);
    expect(await toldBy(a)).toBe('storm');
    expect(await toldBy(b)).toBe('storm');
    expect(await toldBy(d)).toBe('undecided');
    expect(await toldBy('INC-20200101-001')).toBe('own');
  });

  it('does not tell of what a person wants diagnosed', async () => {
    const [a = '', b = ''] = ids;
    await fold(...ids);
    await world.act(a, { kind: 'rediagnose' });
    expect(await toldBy(a)).toBe('own');
    expect(await toldBy(b)).toBe('storm');
  });

  it('does not tell of a critical with a card of its own, nor of what came before or long after it started', async () => {
    const [critical = ''] = await world.alert(['e'], { severity: 'critical' });
    await admit(critical, ids[0] ?? '');
    world.time.ahead += 61_000;
    await fold(ids[1] ?? '');
    expect(await toldBy(critical)).toBe('own');
    expect(await toldBy(ids[0])).toBe('own');
    const [later = ''] = await world.alert(['f']);
    await admit(later);
    expect(await toldBy(later)).toBe('own');
  });

  it('does not tell of one that another room shows by itself, unless that room is dead', async () => {
    const [a = ''] = ids;
    await world.addTarget('room-2');
    await fold(a);
    const [row] = await world.database.db.selectFrom('placements').selectAll().where('subject_id', '=', a).execute();
    if (row === undefined) throw new Error('no placement');
    const other = { ...row, target_id: 'room-2', parked_reason: null, folded_into: null, message_key: 'k' };
    await world.database.db.insertInto('placements').values(other).execute();
    expect(await toldBy(a)).toBe('own');
    await world.database.db
      .updateTable('placements')
      .set({ parked_reason: 'target_dead' })
      .where('target_id', '=', 'room-2')
      .execute();
    expect(await toldBy(a)).toBe('storm');
  });
});
