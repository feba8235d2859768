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
    world.start();
    const [id = ''] = await world.alert(['Disk']);
    await world.settled();
    await world.database.db.updateTable('incidents').set({ revision: 2 }).execute();
    await world.database.db
      .updateTable('placements')
      .set({ wanted_revision: 2, urgent_revision: 2 })
      .where('subject_id', '=', id)
      .execute();
    await world.settled();
    expect(fake.calls).toHaveLength(1);
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
    await until(() => fake.of('edit').length === 1, 8000);
    expect((fake.of('edit')[0]?.at ?? 0) - pressedAt).toBeGreaterThanOrEqual(2900);
  });

  it('holds cosmetic changes back and lets urgent ones through', async () => {
    world.start();
    const [id = ''] = await world.alert(['Disk']);
    await world.settled();
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
    await until(() => fake.of('edit').length === 1, 900);
  });
});
