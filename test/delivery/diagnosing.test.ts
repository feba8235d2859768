import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Diagnosis } from '../../src/diagnose/diagnosis.ts';
import type { Engine } from '../../src/store/database.ts';
import { createDiagnoses } from '../../src/store/diagnoses.ts';
import { createRespondIn } from '../../src/store/respond.ts';
import { createRoutes } from '../../src/store/routes.ts';
import { POLICY } from '../incident/world.ts';
import { describeEngines } from '../support/engines.ts';
import { type FakeChannel, createFakeChannel } from '../support/fake-channel.ts';
import { type World, openWorld } from './world.ts';

const DIAGNOSING = 'Diagnosing…';
const FOUND = 'the log was not rotated';

/** No loop of due-rows runs here: the rows that accepting makes stay until a test takes them away. */
describeEngines('a card whose diagnosis is awaited', (engine: Engine) => {
  let fake: FakeChannel;
  let world: World;

  beforeEach(async () => {
    fake = createFakeChannel();
    world = await openWorld(engine, { channels: [fake.channel] });
    await world.addTarget('room-1');
    world.start();
  });
  afterEach(() => world.close());

  const payloads = () => fake.calls.filter(({ verb }) => verb !== 'send').map(({ payload }) => payload);
  const record = (incidentId: string) => {
    const routes = createRoutes({ fallbackTargets: () => ['room-1'] });
    const respondIn = createRespondIn({ policy: POLICY, clock: world.clock, routes });
    const { database, write } = world;
    const diagnosis: Omit<Diagnosis, 'id'> = {
      incidentId,
      status: 'ready',
      provider: 'rules',
      promptVersion: '1',
      family: '',
      summary: '',
      causes: [{ statement: FOUND, confidence: 0.8, evidenceIds: [], key: 'disk/log' }],
      steps: [],
      evidence: [],
      confidence: 0.8,
      // The row is due 300 ms after the alert, and nothing is made before it is due.
      createdAt: world.clock.now() + 300,
    };
    return createDiagnoses({ database, write, respondIn }).record(diagnosis);
  };
  const strikeOff = () => world.database.db.deleteFrom('due').where('kind', '=', 'diagnose').execute();

  it('says so from the first showing on, and costs one post and one edit in all', async () => {
    const [id = ''] = await world.alert(['Disk']);
    await world.settled();
    await record(id);
    await strikeOff();
    world.time.ahead += 6000;
    await world.settled();
    const [first = '', second = '', ...more] = payloads();
    expect([first.includes(DIAGNOSING), second.includes(DIAGNOSING), second.includes(FOUND)]).toEqual([
      true,
      false,
      true,
    ]);
    expect(more).toEqual([]);
  });

  it('shows what was found although the row that asked for it still stands', async () => {
    const [id = ''] = await world.alert(['Disk']);
    await world.settled();
    await record(id);
    await world.act(id, { kind: 'note', text: 'looking' });
    await world.settled();
    expect(payloads().at(-1)).toContain(FOUND);
    expect(payloads().at(-1)).not.toContain(DIAGNOSING);
  });

  it('says so again when somebody wants another one, and nothing when it is over', async () => {
    const [id = ''] = await world.alert(['Disk']);
    await record(id);
    await strikeOff();
    world.time.ahead += 6000;
    await world.act(id, { kind: 'rediagnose' });
    await world.settled();
    expect(payloads().at(-1)).toContain(DIAGNOSING);
    expect(payloads().at(-1)).not.toContain(FOUND);
    await world.act(id, { kind: 'resolve' });
    await world.settled();
    expect(payloads().at(-1)).not.toContain(DIAGNOSING);
    expect(payloads().at(-1)).toContain(FOUND);
  });

  it('says nothing where none is due', async () => {
    const [id = ''] = await world.alert(['Disk']);
    await world.settled();
    await strikeOff();
    await world.act(id, { kind: 'acknowledge' });
    await world.settled();
    expect(payloads().at(-1)).not.toContain(DIAGNOSING);
  });

  it('offers the people of its own channel', async () => {
    const { db } = world.database;
    await db
      .insertInto('operators')
      .values({ id: 'o1', name: 'Ann', role: 'responder', locale: null, created_at: 0 })
      .execute();
    await db
      .insertInto('operator_ids')
      .values([
        { channel: 'fake', external_id: 'ann', operator_id: 'o1' },
        { channel: 'lark', external_id: 'ou_ann', operator_id: 'o1' },
      ])
      .execute();
    await world.alert(['Disk']);
    await world.settled();
    expect(payloads().at(-1)).toContain('[{"value":"fake:ann","text":"Ann"}]');
    expect(payloads().at(-1)).not.toContain('ou_ann');
  });
});
