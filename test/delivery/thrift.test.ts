import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Channel, ShowRequest, Shown } from '../../src/channels/channel.ts';
import type { Engine } from '../../src/store/database.ts';
import { repaintUnreached } from '../../src/store/delivery/show-now.ts';
import { describeEngines } from '../support/engines.ts';
import { type FakeChannel, createFakeChannel } from '../support/fake-channel.ts';
import { type World, openWorld, until } from './world.ts';

describeEngines('while calls are scarce', (engine: Engine) => {
  let fake: FakeChannel;
  let world: World;
  let id: string;
  let scarce: boolean;
  /** What an edit comes to, when it comes to none. */
  let instead: Shown['instead'];

  beforeEach(async () => {
    scarce = true;
    instead = undefined;
    fake = createFakeChannel();
    const channel: Channel = {
      ...fake.channel,
      thrifty: () => scarce,
      show: (request: ShowRequest, signal) =>
        request.previous !== undefined && instead !== undefined
          ? Promise.resolve({ ...request.previous, instead })
          : fake.channel.show(request, signal),
    };
    world = await openWorld(engine, { channels: [channel] });
    await world.addTarget('room-1');
    world.start();
    [id = ''] = await world.alert(['Disk']);
    await world.settled();
  });
  afterEach(() => world.close());

  const note = async (text: string): Promise<void> => {
    await world.act(id, { kind: 'note', text });
    await world.settled();
  };
  const shown = (): string => [...fake.cards.values()].map(({ payload }) => payload).join('\n');

  it('a card is not edited for what is no news, and the next edit shows it all', async () => {
    await note('looking at node 7');
    expect(fake.of('edit')).toHaveLength(0);
    expect((await world.placement(id))?.shown_revision).toBe((await world.placement(id))?.wanted_revision);
    await world.act(id, { kind: 'acknowledge' });
    await world.settled();
    expect(fake.of('edit').map(({ changes }) => changes)).toEqual([['acknowledged']]);
    expect(shown()).toContain('looking at node 7');
  });

  it('a card is edited for anything again as soon as there is plenty', async () => {
    await note('looking at node 7');
    scarce = false;
    await note('it was node 8');
    expect(fake.of('edit')).toHaveLength(1);
    expect(shown()).toContain('node 7');
  });

  it('first cards and announcements are sent, and who is called is seen on the card', async () => {
    await world.alert(['Memory']);
    await world.act(id, { kind: 'assign', toId: 'fake:bob', toName: 'Bob' });
    await world.settled();
    expect(fake.of('post')).toHaveLength(2);
    expect(fake.of('send')).toHaveLength(1);
    expect(shown()).toContain('Bob');
  });

  it('a message in place of an edit rings by itself, and the card counts as behind', async () => {
    instead = 'message';
    await world.alert(['Disk'], { status: 'resolved' });
    await world.settled();
    expect(fake.of('send')).toHaveLength(0);
    const placement = await world.placement(id);
    expect(placement).toMatchObject({ ref: fake.of('post')[0]?.ref, shown_hash: null });
    expect(placement?.shown_facts).toContain('resolved');
  });

  it('cards that no edit reached are painted when calls are taken again, ended incidents too, and no others', async () => {
    await world.alert(['Memory']);
    await world.settled();
    instead = 'message';
    await world.alert(['Disk'], { status: 'resolved' });
    await world.settled();
    instead = undefined;
    await world.write('job', (trx) => repaintUnreached(trx, 'fake'));
    await world.settled();
    expect(fake.of('edit').map(({ about, tone }) => [about, tone])).toEqual([[id, 'resolved']]);
  });

  it('an old card that cannot be pointed to the new one is not said to have been', async () => {
    instead = 'nothing';
    world.time.ahead += 25 * 60 * 60_000;
    await world.act(id, { kind: 'assign', toId: 'fake:bob', toName: 'Bob' });
    await until(() => fake.of('post').length === 2);
    await world.settled();
    const pointers = await world.database.db
      .selectFrom('outbox')
      .select('state')
      .where('kind', '=', 'pointer')
      .execute();
    expect(pointers).toEqual([{ state: 'expired' }]);
  });

  it('where nothing was said in place of an edit, the news are still to be told and people to be called', async () => {
    instead = 'nothing';
    await world.alert(['Disk'], { status: 'resolved' });
    await world.settled();
    expect(fake.of('send')).toHaveLength(1);
    expect((await world.placement(id))?.shown_facts).toContain('open');
  });
});
