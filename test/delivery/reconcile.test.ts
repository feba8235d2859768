import { afterEach, beforeEach, expect, it } from 'vitest';
import { ContentRefused, MessageGone, PlatformUnavailable, RateLimited } from '../../src/errors.ts';
import type { Engine } from '../../src/store/database.ts';
import { describeEngines } from '../support/engines.ts';
import { type FakeCall, type FakeChannel, createFakeChannel } from '../support/fake-channel.ts';
import { type World, openWorld, until } from './world.ts';

describeEngines('a placement', (engine: Engine) => {
  let fake: FakeChannel;
  let world: World;

  beforeEach(async () => {
    fake = createFakeChannel();
    world = await openWorld(engine, { channels: [fake.channel] });
    await world.addTarget('room-1');
  });
  afterEach(() => world.close());

  /** The script for the first call alone. */
  const once = (script: (call: FakeCall) => void): void => {
    fake.script((call) => {
      fake.script(undefined);
      script(call);
    });
  };

  it('shows a new incident at once, and its end on the same card', async () => {
    world.start();
    const [id = ''] = await world.alert(['Disk']);
    await world.settled();
    expect(fake.calls.map(({ verb, about }) => [verb, about])).toEqual([['post', id]]);
    await world.alert(['Disk'], { status: 'resolved' });
    await world.settled();
    expect(fake.of('edit')).toHaveLength(1);
    expect([...fake.cards.values()].map(({ tone }) => tone)).toEqual(['resolved']);
    expect(fake.of('send').map(({ message }) => message?.replyTo)).toEqual([fake.of('post')[0]?.ref]);
  });

  it('makes one first post at a time where the platform knows no keys, from the first round of a process on', async () => {
    const keyless = createFakeChannel({ name: 'keyless', idempotency: 'none' });
    const other = await openWorld(engine, { channels: [keyless.channel] });
    let [underWay, most] = [0, 0];
    keyless.script(async () => {
      most = Math.max(most, (underWay += 1));
      await new Promise((resolve) => setTimeout(resolve, 10));
      underWay -= 1;
    });
    await other.addTarget('room-1', { channel: 'keyless' });
    await other.alert(['Disk', 'Memory', 'Network']);
    other.start();
    await other.settled();
    await other.close();
    expect([keyless.of('post').length, most]).toEqual([3, 1]);
  });

  it('may have been shown twice where a repeated post is not recognised: that is counted', async () => {
    const counted = async (idempotency: 'none' | 'key') => {
      const unsure = createFakeChannel({ name: idempotency, idempotency });
      const other = await openWorld(engine, { channels: [unsure.channel] });
      unsure.script(() => {
        unsure.script(undefined);
        throw new PlatformUnavailable('no answer', true);
      });
      await other.addTarget('room-1', { channel: idempotency });
      await other.alert(['Disk']);
      other.start();
      await other.settled();
      const { values } = await other.metrics.deliveries.get();
      await other.close();
      return values.filter(({ labels }) => labels['outcome'] === 'maybe_duplicate').map(({ value }) => value);
    };
    expect([await counted('none'), await counted('key')]).toEqual([[1], []]);
  });

  it('costs at most two calls when it changes fifty times during a throttle', async () => {
    once(() => {
      throw new RateLimited('fake', 1500);
    });
    world.start();
    const [id = ''] = await world.alert(['Disk']);
    await until(() => fake.calls.length === 1);
    for (let round = 0; round < 25; round += 1) {
      await world.act(id, { kind: 'acknowledge' });
      await world.act(id, { kind: 'note', text: `note ${round}` });
    }
    await world.settled();
    const { attempts } = (await world.placement(id)) ?? {};
    expect(attempts).toBe(0);
    expect(fake.calls.filter(({ verb }) => verb !== 'send').length).toBeLessThanOrEqual(2);
    expect([...fake.cards.values()]).toHaveLength(1);
  });

  it('repeats a first post whose outcome is unknown under its key and with its payload, then edits', async () => {
    once(() => {
      throw new PlatformUnavailable('no answer', true);
    });
    world.start();
    const [id = ''] = await world.alert(['Disk']);
    await until(() => fake.calls.length === 1);
    await world.act(id, { kind: 'acknowledge' });
    await world.settled();
    const [first, second, third] = fake.calls.filter(({ verb }) => verb !== 'send');
    expect([second?.key, second?.payload]).toEqual([first?.key, first?.payload]);
    expect(third?.verb).toBe('edit');
    expect(fake.cards.size).toBe(1);
  });

  it('offers a refused card once in plain words, then parks it where it can be seen and retried', async () => {
    fake.script((call) => {
      if (call.about.startsWith('INC')) throw new ContentRefused('bad element');
    });
    world.start();
    const [id = ''] = await world.alert(['Disk']);
    await until(async () => (await world.placement(id))?.parked_reason === 'content_refused');
    expect(fake.calls).toHaveLength(2);
    expect(fake.calls[1]?.payload).not.toContain('buttons');
  });

  it('keeps a plain card that was taken', async () => {
    fake.script((call) => {
      if (call.payload.includes('"buttons"')) throw new ContentRefused('bad element');
    });
    world.start();
    await world.alert(['Disk']);
    await world.settled();
    expect(fake.cards.size).toBe(1);
  });

  it('issues a card anew when its message is gone', async () => {
    world.start();
    const [id = ''] = await world.alert(['Disk']);
    await world.settled();
    once(() => {
      throw new MessageGone('deleted');
    });
    await world.act(id, { kind: 'acknowledge' });
    await world.settled();
    expect(fake.calls.filter(({ verb }) => verb !== 'send').map(({ verb }) => verb)).toEqual(['post', 'edit', 'post']);
    expect((await world.placement(id))?.generation).toBe(1);
  });

  it('is shown once more when its edit may have painted over a newer state', async () => {
    world.start();
    const [id = ''] = await world.alert(['Disk']);
    await world.settled();
    once(() => {
      throw new PlatformUnavailable('no answer', true);
    });
    await world.act(id, { kind: 'acknowledge' });
    await world.settled();
    expect(fake.of('edit')).toHaveLength(2);
  });

  it('does not edit a card that looks the same', async () => {
    const { delivery } = world.start();
    const [id = ''] = await world.alert(['Disk']);
    await world.settled();
    await world.database.db.updateTable('incidents').set({ revision: 2 }).execute();
    await world.database.db
      .updateTable('placements')
      .set({ wanted_revision: 2, urgent_revision: 2 })
      .where('subject_id', '=', id)
      .execute();
    delivery.wake('room-1');
    await world.settled();
    expect(fake.calls).toHaveLength(1);
  });
});
