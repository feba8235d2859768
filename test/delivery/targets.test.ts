import { afterEach, beforeEach, expect, it } from 'vitest';
import { TargetGone } from '../../src/errors.ts';
import type { Engine } from '../../src/store/database.ts';
import { describeEngines } from '../support/engines.ts';
import { type FakeChannel, createFakeChannel } from '../support/fake-channel.ts';
import { type World, openWorld, until } from './world.ts';

describeEngines('targets', (engine: Engine) => {
  let fake: FakeChannel;
  let world: World;

  beforeEach(async () => {
    fake = createFakeChannel();
    world = await openWorld(engine, { channels: [fake.channel], fallback: 'default' });
    for (const id of ['default', 'room-1', 'room-2']) await world.addTarget(id);
  });
  afterEach(() => world.close());

  const die = (address: string): void =>
    fake.script((call) => {
      if (call.address === address) throw new TargetGone('dissolved');
    });

  it('that hang delay no other', async () => {
    fake.script((call) => (call.address === 'room-1' ? new Promise(() => undefined) : undefined));
    world.start();
    await world.alert(['A', 'B', 'C', 'D', 'E', 'F'], { targetId: 'room-1' });
    await until(() => fake.calls.some(({ address }) => address === 'room-1'));
    await world.alert(['G'], { targetId: 'room-2' });
    await until(() => fake.calls.some(({ address, ref }) => address === 'room-2' && ref !== undefined));
    // They hang still: none was given up in between.
    const hanging = (await world.placements()).filter(({ target_id }) => target_id === 'room-1');
    expect(hanging.map(({ last_error }) => last_error)).toEqual(Array.from({ length: 6 }, () => null));
  });

  it('that are gone leave their incidents to the default target and tell of it', async () => {
    die('room-1');
    world.start();
    const [id = ''] = await world.alert(['A'], { targetId: 'room-1' });
    await until(async () => (await world.placement(id, 'default'))?.shown_revision === 1);
    expect((await world.placement(id, 'room-1'))?.parked_reason).toBe('target_dead');
    await until(() => world.told.some(({ what, target }) => what === 'dead' && target === 'room-1'));
    const [later = ''] = await world.alert(['B'], { targetId: 'room-1' });
    await until(async () => (await world.placement(later, 'default'))?.shown_revision === 1);
    expect(fake.calls.filter(({ address }) => address === 'room-1')).toHaveLength(1);
  });

  it('that come back show what is unresolved, and what was resolved since last shown', async () => {
    world.start();
    const [shown = ''] = await world.alert(['A'], { targetId: 'room-1' });
    await world.settled();
    die('room-1');
    const [open = ''] = await world.alert(['B'], { targetId: 'room-1' });
    await until(async () => (await world.placement(open, 'room-1'))?.parked_reason === 'target_dead');
    const [never = ''] = await world.alert(['C'], { targetId: 'room-1' });
    await world.alert(['A', 'C'], { status: 'resolved' });
    await until(async () => (await world.placement(never, 'room-1'))?.parked_reason === 'target_dead');
    await until(() => world.told.length > 0);
    fake.script(undefined);
    world.time.ahead = 2 * 60_000;
    await until(async () => (await world.placement(open, 'room-1'))?.shown_revision === 1);
    await until(async () => (await world.placement(shown, 'room-1'))?.shown_revision === 2);
    await until(() => world.told.some(({ what, target }) => what === 'alive' && target === 'room-1'));
    const { state } = await world.database.db
      .selectFrom('targets')
      .select('state')
      .where('id', '=', 'room-1')
      .executeTakeFirstOrThrow();
    expect(state).toBe('ok');
    const toldOfNever = () => fake.calls.filter((call) => call.about === never && call.ref !== undefined);
    expect(toldOfNever().filter(({ address }) => address === 'room-1')).toEqual([]);
    await world.alert(['C'], { targetId: 'room-1' });
    await until(() => toldOfNever().some(({ address, verb }) => address === 'room-1' && verb === 'post'));
  });

  it('that are dead still answer whoever speaks there, and live again when that arrives', async () => {
    die('room-1');
    world.start();
    const [id = ''] = await world.alert(['A'], { targetId: 'room-1' });
    await until(async () => (await world.placement(id, 'room-1'))?.parked_reason === 'target_dead');
    fake.script(undefined);
    const payload = { kind: 'message', content: { kind: 'text', text: [{ text: 'hi' }] } } as const;
    await world.write('delivery', (trx) =>
      world.store.enqueue(trx, { targetId: 'room-1', kind: 'answer', payload }, world.clock.now()),
    );
    await until(async () => (await world.placement(id, 'room-1'))?.shown_revision === 1);
    expect((await world.placement(id, 'room-1'))?.parked_reason).toBeNull();
  });
});
