import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Engine } from '../../src/store/database.ts';
import { describeEngines } from '../support/engines.ts';
import { type FakeChannel, createFakeChannel } from '../support/fake-channel.ts';
import { type World, openWorld } from './world.ts';

describeEngines('a placement', (engine: Engine) => {
  let fake: FakeChannel;
  let world: World;

  beforeEach(async () => {
    fake = createFakeChannel();
    world = await openWorld(engine, { channels: [fake.channel] });
    await world.addTarget('room-1');
  });
  afterEach(() => world.close());

  it('shows a new incident at once, and its end on the same card', async () => {
    world.start();
    const [id = ''] = await world.alert(['Disk']);
    await world.settled();
    expect(fake.calls.map(({ verb, about }) => [verb, about])).toEqual([['post', id]]);
    await world.alert(['Disk'], { status: 'resolved' });
    await world.settled();
    expect(fake.of('edit')).toHaveLength(1);
    expect([...fake.cards.values()].map(({ tone }) => tone)).toEqual(['resolved']);
    expect(fake.of('send')).toHaveLength(1);
  });
});
