import { afterEach, beforeEach, expect, it } from 'vitest';
import { ContentRefused, MessageGone } from '../../src/errors.ts';
import type { Engine } from '../../src/store/database.ts';
import { describeEngines } from '../support/engines.ts';
import { type FakeChannel, createFakeChannel } from '../support/fake-channel.ts';
import { type World, openWorld, until } from './world.ts';

const text = (words: string) => ({ kind: 'message', content: { kind: 'text', text: [{ text: words }] } }) as const;

describeEngines('messages', (engine: Engine) => {
  let fake: FakeChannel;
  let world: World;

  const open = async (over: Parameters<typeof createFakeChannel>[0] = {}): Promise<void> => {
    fake = createFakeChannel(over);
    world = await openWorld(engine, { channels: [fake.channel] });
    await world.addTarget('room-1');
  };
  const nameOnDuty = async (): Promise<void> => {
    const { db } = world.database;
    await db
      .insertInto('operators')
      .values({ id: 'op1', name: 'Ann', role: 'responder', locale: null, created_at: 0 })
      .execute();
    await db.insertInto('operator_ids').values({ channel: 'fake', external_id: 'u-ann', operator_id: 'op1' }).execute();
  };
  const enqueue = (message: Parameters<ReturnType<World['start']>['delivery']['enqueue']>[1]) =>
    world.write('delivery', (trx) => world.store.enqueue(trx, message, world.clock.now()));

  beforeEach(() => open());
  afterEach(() => world.close());

  it('mentions people on duty under the first card of a critical incident, nobody otherwise', async () => {
    await nameOnDuty();
    world.start();
    await world.alert(['Disk'], { severity: 'critical' });
    await world.alert(['Slow']);
    await world.settled();
    expect(fake.of('send').map(({ message }) => message?.mentions)).toEqual([[{ id: 'u-ann', name: 'Ann' }]]);
    expect(fake.of('send')[0]?.message?.replyTo).toBe(fake.of('post')[0]?.ref);
  });

  it('are announcements at most once in five minutes and placement, the newest in the place of older ones', async () => {
    world.start();
    const [id = ''] = await world.alert(['Disk']);
    await world.settled();
    await world.act(id, { kind: 'resolve' });
    await world.settled();
    await world.act(id, { kind: 'reopen' });
    await world.act(id, { kind: 'resolve' });
    await until(async () => (await world.placement(id))?.shown_revision === 4);
    expect(fake.of('send')).toHaveLength(1);
    const waiting = await world.database.db.selectFrom('outbox').selectAll().where('state', '=', 'due').execute();
    expect(waiting.map(({ event }) => event)).toEqual(['resolved']);
    world.time.ahead = 6 * 60_000;
    await world.settled();
    expect(fake.of('send')).toHaveLength(2);
  });

  it('become a new card to which the old one points where there are no threads', async () => {
    await world.close();
    await open();
    delete (fake.channel as { threads?: true }).threads;
    world.start();
    const [id = ''] = await world.alert(['Disk']);
    await world.settled();
    await world.alert(['Disk'], { status: 'resolved' });
    await until(() => fake.of('post').length === 2);
    await world.settled();
    const [old, latest] = [...fake.cards.values()];
    expect([old?.tone, latest?.tone]).toEqual(['neutral', 'resolved']);
    expect(fake.of('send')).toHaveLength(0);
    expect((await world.placement(id))?.generation).toBe(1);
  });

  it('need no lease to run out before a card that can no longer be edited is issued anew', async () => {
    world.start();
    const [id = ''] = await world.alert(['Disk']);
    await world.settled();
    await world.database.db.updateTable('placements').set({ edits_left: 0 }).execute();
    await world.alert(['Disk'], { status: 'resolved' });
    await until(() => fake.of('post').length === 2);
    await world.settled();
    expect(fake.of('post')[1]?.tone).toBe('resolved');
    expect((await world.placement(id))?.generation).toBe(1);
  });

  it('are never too late when they call people: what a dead room missed is said when it lives again', async () => {
    world.start();
    const [id = ''] = await world.alert(['Disk']);
    await world.settled();
    await world.database.db
      .updateTable('targets')
      .set({ next_at: world.clock.now() + 48 * 3_600_000 })
      .execute();
    await world.act(id, { kind: 'resolve' });
    world.time.ahead = 49 * 3_600_000;
    await until(() => fake.of('post').length === 2);
    expect(fake.of('post')[1]?.tone).toBe('resolved');
  });

  it('go first when they answer people, whatever else waits', async () => {
    await world.database.db.updateTable('targets').set({ pacing: '{"concurrency":1}' }).execute();
    await world.alert(['A', 'B', 'C']);
    await enqueue({ targetId: 'room-1', kind: 'report', payload: text('report') });
    await enqueue({ targetId: 'room-1', kind: 'answer', payload: text('answer') });
    world.start();
    await world.settled();
    expect(fake.calls.map(({ verb, about }) => (verb === 'send' ? about : verb))).toEqual([
      'answer',
      'post',
      'post',
      'post',
      'report',
    ]);
  });

  it('are stored once for each dedupe key, and end when they come too late', async () => {
    const message = { targetId: 'room-1', kind: 'answer', payload: text('hi'), dedupeKey: 'k1' } as const;
    expect(await enqueue(message)).toBeDefined();
    expect(await enqueue(message)).toBeUndefined();
    world.time.ahead = 11 * 60_000;
    world.start();
    await world.settled();
    expect(fake.calls).toHaveLength(0);
    const { state } = await world.database.db.selectFrom('outbox').select('state').executeTakeFirstOrThrow();
    expect(state).toBe('expired');
  });

  it('go to the chat when what they answer is gone or its context has run out', async () => {
    world.start();
    const context = { replyTo: 'gone', replyContext: 'token', replyContextUntil: world.clock.now() - 1 };
    fake.script((call) => {
      if (call.message?.replyTo !== undefined) throw new MessageGone('gone');
    });
    await enqueue({ targetId: 'room-1', kind: 'answer', payload: text('hi'), ...context });
    await world.settled();
    expect(fake.calls.map(({ message }) => [message?.replyTo, message?.replyContext])).toEqual([
      ['gone', undefined],
      [undefined, undefined],
    ]);
  });

  it('that the platform refuses are dead and listed', async () => {
    fake.script(() => {
      throw new ContentRefused('no');
    });
    world.start();
    await enqueue({ targetId: 'room-1', kind: 'report', payload: text('hi') });
    await world.settled();
    const row = await world.database.db.selectFrom('outbox').selectAll().executeTakeFirstOrThrow();
    expect([row.state, row.last_error]).toEqual(['dead', 'content_refused: no']);
  });

  it('are all that a channel without editing is told, and only of what matters', async () => {
    await world.close();
    fake = createFakeChannel();
    delete (fake.channel as { editing?: object }).editing;
    world = await openWorld(engine, { channels: [fake.channel] });
    await world.addTarget('room-1');
    world.start();
    const [id = ''] = await world.alert(['Disk']);
    await world.settled();
    await world.act(id, { kind: 'note', text: 'looking' });
    await world.settled();
    await world.act(id, { kind: 'acknowledge' });
    await world.settled();
    expect(fake.of('post').map(({ changes }) => changes)).toEqual([['opened'], ['acknowledged']]);
    expect(new Set(fake.of('post').map(({ key }) => key)).size).toBe(2);
  });
});
