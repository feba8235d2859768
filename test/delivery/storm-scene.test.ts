import { afterEach, beforeEach, expect, it } from 'vitest';
import { TargetGone } from '../../src/errors.ts';
import type { Engine } from '../../src/store/database.ts';
import { showNow } from '../../src/store/delivery/show-now.ts';
import { describeEngines } from '../support/engines.ts';
import { type FakeChannel, createFakeChannel } from '../support/fake-channel.ts';
import { type World, openWorld, until } from './world.ts';

const names = (count: number, prefix = 'S'): string[] => Array.from({ length: count }, (_, at) => `${prefix}${at}`);

describeEngines('a storm', (engine: Engine) => {
  let fake: FakeChannel;
  let world: World;

  beforeEach(async () => {
    fake = createFakeChannel();
    world = await openWorld(engine, { channels: [fake.channel], stormPerMinute: 5 });
    await world.addTarget('room-1');
  });
  afterEach(() => world.close());

  const cards = (about: 'incident' | 'storm') =>
    [...fake.cards.values()].filter((card) => (card.about === 'storm') === (about === 'storm'));

  it('of three hundred is a few cards and one that counts the rest', async () => {
    world.start();
    await world.alert(names(150));
    await world.alert(names(150, 'T'));
    await until(() => cards('storm').length === 1 && cards('incident').length === 5);
    world.time.ahead += 6000;
    await until(() => cards('storm')[0]?.title.includes('295') === true);
    await world.settled();
    expect([cards('incident').length, cards('storm').length]).toEqual([5, 1]);
  });

  it('leaves criticals a card of their own up to its rate', async () => {
    world.start();
    await world.alert(names(20));
    await until(() => cards('storm').length === 1);
    await world.alert(names(8, 'C'), { severity: 'critical' });
    await until(() => cards('incident').filter(({ tone }) => tone === 'critical').length === 5);
    const folded = (await world.placements()).filter(({ parked_reason: reason }) => reason === 'folded');
    expect(folded).toHaveLength(15 + 3);
  });

  it('shows one member at once when asked, and that one only', async () => {
    world.start();
    const ids = await world.alert(names(20));
    await until(() => cards('storm').length === 1 && cards('incident').length === 5);
    const folded = ids.find((id) => !cards('incident').some(({ about }) => about === id)) ?? '';
    await world.write('press', (trx) => showNow(trx, folded, 'room-1', world.clock.now()));
    await until(() => cards('incident').some(({ about }) => about === folded));
    expect(cards('incident')).toHaveLength(6);
  });

  it('tells on its card what became of a member', async () => {
    world.start();
    const ids = await world.alert(names(20));
    await until(() => cards('storm').length === 1);
    await world.settled();
    const before = cards('storm')[0]?.rev ?? 0;
    const folded = (await world.placements()).find(({ parked_reason: reason }) => reason === 'folded');
    await world.act(folded?.subject_id ?? '', { kind: 'acknowledge' });
    world.time.ahead += 6000;
    await until(() => (cards('storm')[0]?.rev ?? 0) > before);
    expect(ids).toHaveLength(20);
  });

  it('ends after five calm minutes, and then shows whom it hid and who is still open, at half the rate', async () => {
    world.start();
    await world.alert(names(12));
    await until(() => cards('storm').length === 1 && cards('incident').length === 5);
    const hidden = (await world.placements()).filter(({ parked_reason: reason }) => reason === 'folded');
    const [gone] = hidden;
    await world.act(gone?.subject_id ?? '', { kind: 'resolve' });
    const rewind = (by: number) => (world.time.ahead += by);
    rewind(61_000);
    await until(async () => (await storm())?.calm_since !== null);
    rewind(301_000);
    await until(async () => (await storm())?.ended_at !== null);
    rewind(6000);
    await until(() => cards('incident').length === 7);
    expect((await world.placements()).filter(({ parked_reason: reason }) => reason === 'folded')).toHaveLength(5);
    rewind(61_000);
    await until(() => cards('incident').length === 9);
    rewind(61_000);
    await until(() => cards('incident').length === 11);
    rewind(6000);
    await until(async () => (await world.placements()).every(({ parked_reason: reason }) => reason === null));
    expect(cards('incident').some(({ about }) => about === gone?.subject_id)).toBe(false);
    expect(cards('storm')[0]?.tone).toBeDefined();
  });

  it('whose target dies and comes back hides nobody for good', async () => {
    world.start();
    const ids = await world.alert(names(12));
    await until(() => cards('storm').length === 1 && cards('incident').length === 5);
    fake.script(() => {
      throw new TargetGone('dissolved');
    });
    await world.act(ids[0] ?? '', { kind: 'acknowledge' });
    await until(() => world.told.some(({ what }) => what === 'dead'));
    fake.script(undefined);
    world.time.ahead += 2 * 60_000;
    await until(() => world.told.some(({ what }) => what === 'alive'));
    await until(() => cards('storm').length === 2);
    await world.settled();
    const states = (await world.placements()).filter(({ kind }) => kind === 'incident');
    expect(states.filter((row) => row.first_shown_at === null && row.parked_reason !== 'folded')).toEqual([]);
  });

  const storm = () => world.database.db.selectFrom('storms').selectAll().executeTakeFirst();
});
