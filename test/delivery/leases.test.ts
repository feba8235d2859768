import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Engine } from '../../src/store/database.ts';
import { describeEngines } from '../support/engines.ts';
import { type FakeChannel, createFakeChannel } from '../support/fake-channel.ts';
import { type World, openWorld, until } from './world.ts';

describeEngines('a placement under lease', (engine: Engine) => {
  let fake: FakeChannel;
  let world: World;

  beforeEach(async () => {
    fake = createFakeChannel();
    world = await openWorld(engine, { channels: [fake.channel] });
    await world.addTarget('room-1');
  });
  afterEach(() => world.close());

  it('makes no call after a restart with nothing due', async () => {
    const first = world.start();
    await world.alert(['Disk']);
    await world.settled();
    await first.stop();
    const calls = fake.calls.length;
    const second = world.start();
    await new Promise((resolve) => setTimeout(resolve, 1300));
    await second.stop();
    expect(fake.calls).toHaveLength(calls);
    const { lease_token: lease } = await world.database.db
      .selectFrom('targets')
      .select('lease_token')
      .executeTakeFirstOrThrow();
    expect(lease).toBeNull();
  });

  it('ends the call that is under way when it is stopped, keeps what came of it, and gives its lane back', async () => {
    const late = Promise.withResolvers<void>();
    fake.script(() => late.promise);
    const first = world.start();
    const [id = ''] = await world.alert(['Disk']);
    await until(() => fake.calls.length === 1);
    let stopped = false;
    const stopping = first.stop().then(() => (stopped = true));
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(stopped).toBe(false);
    late.resolve();
    await stopping;
    expect(await world.placement(id)).toMatchObject({ shown_revision: 1, ref: 'm1', lease_token: null });
    const lanes = await world.database.db.selectFrom('targets').select('lease_token').execute();
    expect(lanes).toEqual([{ lease_token: null }]);
    fake.script(undefined);
    world.start();
    await new Promise((resolve) => setTimeout(resolve, 1300));
    expect(fake.calls).toHaveLength(1);
  });

  it('repeats key and payload after a crash between storing them and the result', async () => {
    fake.script(() => new Promise(() => undefined));
    const dying = world.start();
    const [id = ''] = await world.alert(['Disk']);
    await until(() => fake.calls.length === 1);
    await dying.kill();
    await world.act(id, { kind: 'acknowledge' });
    fake.script(undefined);
    world.start();
    await until(async () => (await world.placement(id))?.shown_revision === 2);
    const [first, second] = fake.of('post');
    expect([second?.key, second?.payload]).toEqual([first?.key, first?.payload]);
    expect([...fake.cards.values()].map(({ rev }) => rev)).toEqual([2]);
  });

  /** Another worker took the lease over while the call was under way, as after a long pause of the process. */
  const steal = () =>
    world.database.db.updateTable('placements').set({ lease_token: 'another', lease_until: 0 }).execute();

  it('is shown once more when a call returns whose lease was lost', async () => {
    world.start();
    const [id = ''] = await world.alert(['Disk']);
    await world.settled();
    const late = Promise.withResolvers<void>();
    fake.script((call) => (call.verb === 'edit' ? late.promise : undefined));
    await world.act(id, { kind: 'acknowledge' });
    await until(() => fake.of('edit').length === 1);
    await steal();
    fake.script(undefined);
    late.resolve();
    await until(async () => (await world.placement(id))?.shown_revision === 2);
    expect(fake.of('edit')).toHaveLength(2);
    expect([...fake.cards.values()].map(({ rev }) => rev)).toEqual([2]);
  });

  it('keeps the message of a first post whose lease was lost, and edits that', async () => {
    const late = Promise.withResolvers<void>();
    fake.script(() => late.promise);
    world.start();
    const [id = ''] = await world.alert(['Disk']);
    await until(() => fake.calls.length === 1);
    await world.act(id, { kind: 'acknowledge' });
    await steal();
    fake.script(undefined);
    late.resolve();
    await until(async () => (await world.placement(id))?.shown_revision === 2);
    expect(fake.calls.map(({ verb }) => verb).filter((verb) => verb !== 'send')).toEqual(['post', 'edit']);
  });

  it('is not edited while a press holds its card, and then shows what was pressed', async () => {
    world.start();
    const [id = ''] = await world.alert(['Disk']);
    await world.settled();
    const pressedAt = Date.now();
    await world.act(id, { kind: 'acknowledge' }, { pressedTargetId: 'room-1' });
    await until(() => fake.of('edit').length === 1);
    expect((fake.of('edit')[0]?.at ?? 0) - pressedAt).toBeGreaterThanOrEqual(2900);
  });

  it('holds cosmetic changes back and lets urgent ones through', async () => {
    world.start();
    const [id = ''] = await world.alert(['Disk']);
    await world.settled();
    world.time.stands = world.clock.now();
    const cosmetic = (revision: number) =>
      world.database.db
        .updateTable('placements')
        .set({ wanted_revision: revision })
        .where('subject_id', '=', id)
        .execute();
    await world.database.db.updateTable('incidents').set({ revision: 2, title: 'Disk full' }).execute();
    await cosmetic(2);
    world.start().delivery.wake('room-1');
    await new Promise((resolve) => setTimeout(resolve, 1500));
    expect(fake.of('edit')).toHaveLength(0);
    await world.act(id, { kind: 'acknowledge' });
    await until(() => fake.of('edit').length === 1);
  });
});
