import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { PageRequest, Paged } from '../../src/channels/channel.ts';
import { judgePage } from '../../src/delivery/paging.ts';
import type { OutboxRow } from '../../src/delivery/outbox.ts';
import { MessageGone, PageRefused, PlatformUnavailable, RateLimited, TargetGone } from '../../src/errors.ts';
import type { Engine } from '../../src/store/database.ts';
import { describeEngines } from '../support/engines.ts';
import { type FakeChannel, createFakeChannel } from '../support/fake-channel.ts';
import { type World, openWorld, until } from './world.ts';

const PEOPLE = [
  { id: 'ou_li', name: 'Li' },
  { id: 'ou_wang', name: 'Wang' },
];

describeEngines('paging', (engine: Engine) => {
  let fake: FakeChannel;
  let world: World;
  let asked: PageRequest[];
  /** Answers to the next pages, then everybody is reached. */
  let answers: (() => Promise<Paged> | Paged)[];

  beforeEach(async () => {
    asked = [];
    answers = [];
    fake = createFakeChannel({
      page: async (request) => {
        asked.push(request);
        return (await answers.shift()?.()) ?? { refused: [] };
      },
    });
    world = await openWorld(engine, { channels: [fake.channel] });
    await world.addTarget('room-1');
    world.start();
  });
  afterEach(() => world.close());

  async function critical(): Promise<string> {
    const [id = ''] = await world.alert(['DiskFull'], { severity: 'critical' });
    return id;
  }
  const page = (incidentId: string, over: { people?: typeof PEOPLE; since?: number } = {}) =>
    world.write('job', (trx) =>
      world.store.enqueue(
        trx,
        {
          targetId: 'room-1',
          kind: 'page',
          incidentId,
          payload: { kind: 'page', step: 'phone', since: over.since ?? 1 },
          mentions: over.people ?? PEOPLE,
          afterSubject: incidentId,
        },
        world.clock.now(),
      ),
    );
  /** No message waits; the edit that tells of a page is no news and may be held back. */
  const quiet = () =>
    until(async () => {
      const due = await world.database.db.selectFrom('outbox').select('id').where('state', '=', 'due').execute();
      const cards = await world.placements();
      return due.length === 0 && cards.every(({ first_shown_at }) => first_shown_at !== null);
    });
  const fails = (error: Error) =>
    answers.push(() => {
      throw error;
    });
  const rows = () =>
    world.database.db.selectFrom('outbox').selectAll().where('kind', '=', 'page').orderBy('id').execute();
  const told = async () => {
    const found = await world.database.db.selectFrom('timeline').selectAll().where('kind', '=', 'paged').execute();
    return found.map(({ data }) => JSON.parse(data) as Record<string, string>);
  };
  const said = () => fake.of('send').map(({ about, message }) => ({ about, mentions: message?.mentions.length }));

  it('calls people about the card once it is there, and says whom it reached', async () => {
    const id = await critical();
    await page(id);
    await quiet();
    const card = fake.of('post')[0];
    expect(asked).toEqual([{ address: 'room-1', ref: card?.ref, step: 'phone', people: ['ou_li', 'ou_wang'] }]);
    expect(await told()).toEqual([{ step: 'phone', target: 'room-1', people: 'Li, Wang' }]);
    expect(said()).toEqual([]);
    const attempts = await world.database.db.selectFrom('attempts').selectAll().where('verb', '=', 'page').execute();
    expect(attempts).toMatchObject([{ subject_id: id, outcome: 'ok' }]);
  });

  it('calls nobody any more when it was acknowledged while the page waited', async () => {
    const id = await critical();
    await quiet();
    await world.act(id, { kind: 'acknowledge' });
    await page(id);
    await quiet();
    expect(asked).toEqual([]);
    expect(await rows()).toMatchObject([{ state: 'expired', last_error: 'nobody need be paged any more' }]);
    expect(await told()).toEqual([]);
  });

  it.each([
    ['quota', 'quota used up'],
    ['chat', 'does not let the bot page'],
  ] as const)(
    'says what is in the way (%s) and names the people instead, and does not try again',
    async (fault, words) => {
      const id = await critical();
      fails(new PageRefused('the platform’s own words', fault));
      await page(id);
      await quiet();
      expect(asked).toHaveLength(1);
      expect(await told()).toMatchObject([{ fault, detail: 'the platform’s own words' }]);
      expect(said()).toMatchObject([{ about: expect.stringContaining(words) as unknown, mentions: 2 }]);
      const target = await world.database.db.selectFrom('targets').select(['state', 'failures']).execute();
      expect(target).toMatchObject([{ state: 'ok', failures: 0 }]);
    },
  );

  it('names the permission that is missing', async () => {
    const id = await critical();
    fails(new PageRefused('denied', 'permission', { needs: 'im:message.urgent:phone' }));
    await page(id);
    await quiet();
    expect(said()[0]?.about).toContain('im:message.urgent:phone');
  });

  it('says the same about one spell of waiting once', async () => {
    const id = await critical();
    for (let turn = 0; turn < 2; turn += 1) {
      await page(id, { people: [] });
      await quiet();
    }
    expect(said()).toMatchObject([{ about: expect.stringContaining('zhiban operators add') as unknown }]);
    await page(id, { people: [], since: 2 });
    await quiet();
    expect(said()).toHaveLength(2);
    expect(await told()).toMatchObject([{ fault: 'nobody' }, { fault: 'nobody' }, { fault: 'nobody' }]);
    expect(asked).toEqual([]);
  });

  it('says whom it could not reach, while others were', async () => {
    const id = await critical();
    answers.push(() => ({ refused: ['ou_wang'] }));
    await page(id);
    await quiet();
    expect(await told()).toEqual([{ step: 'phone', target: 'room-1', people: 'Li', refused: 'Wang' }]);
    expect(said()).toMatchObject([{ about: expect.stringContaining('could not page Wang by phone') as unknown }]);
  });

  it('tries again what certainly did not arrive, and after doubt once', async () => {
    const id = await critical();
    await quiet();
    fails(new PlatformUnavailable('refused', false));
    fails(new PlatformUnavailable('broken', true));
    fails(new PlatformUnavailable('broken', true));
    await page(id);
    await until(async () => {
      world.time.ahead += 5000;
      return (await rows())[0]?.state === 'dead';
    }, 15_000);
    await quiet();
    expect(asked).toHaveLength(3);
    expect(await told()).toMatchObject([{ fault: 'unknown' }]);
  });

  it('posts a card that is gone anew, and calls about the new one', async () => {
    const id = await critical();
    await quiet();
    fails(new MessageGone('withdrawn'));
    await page(id);
    await until(async () => {
      world.time.ahead += 1000;
      return (await rows())[0]?.state === 'sent';
    }, 10_000);
    const [old, fresh] = fake.of('post');
    expect(asked.map(({ ref }) => ref)).toEqual([old?.ref, fresh?.ref]);
  });

  it('ends with a chat that is gone', async () => {
    const id = await critical();
    await quiet();
    fails(new TargetGone('removed'));
    await page(id);
    await until(async () => (await rows())[0]?.state === 'dead');
    expect(await told()).toMatchObject([{ fault: 'gone', detail: 'removed' }]);
    expect(await world.database.db.selectFrom('outbox').select('id').where('kind', '=', 'event').execute()).toEqual([]);
  });

  it('of an incident without a card of its own is told in its story only', async () => {
    const id = await critical();
    await quiet();
    await world.database.db.updateTable('placements').set({ ref: null, parked_reason: 'folded' }).execute();
    await page(id);
    await until(async () => (await rows())[0]?.state === 'dead');
    expect(await told()).toMatchObject([{ fault: 'no_card' }]);
    expect(await world.database.db.selectFrom('outbox').select('id').where('kind', '=', 'event').execute()).toEqual([]);
  });
});

describe('what a page’s end means', () => {
  const row: OutboxRow = {
    id: 'm',
    targetId: 't',
    kind: 'page',
    priority: 15,
    payload: { kind: 'page', step: 'app', since: 0 },
    mentions: PEOPLE,
    createdAt: 0,
    attempts: 0,
    abandoned: false,
  };
  const judge = (error: Error, over: Partial<OutboxRow> = {}) =>
    judgePage({ ...row, ...over }, 0, { ok: false, error, latencyMs: 1 }, 1000, () => 0);

  it('keeps a doubt through other failures, and has one after a crash', () => {
    const doubted = judge(new PlatformUnavailable('late', true)).change;
    expect(doubted).toMatchObject({ state: 'due', lastError: expect.stringContaining('maybe paged') as unknown });
    const { lastError = '' } = doubted;
    const still = judge(new RateLimited('lark', 1000), { lastError: lastError ?? '' }).change;
    expect(still).toMatchObject({ state: 'due', lastError: expect.stringContaining('maybe paged') as unknown });
    expect(judge(new PlatformUnavailable('late', true), { lastError: still.lastError ?? '' }).change.state).toBe(
      'dead',
    );
    expect(judge(new PlatformUnavailable('late', true), { abandoned: true }).change.state).toBe('dead');
  });

  it('waits as long as it is told, and leaves other messages of the lane alone when only paging is refused', () => {
    expect(judge(new RateLimited('lark', 7000)).lane).toMatchObject({ kind: 'pause', ms: 7000 });
    expect(judge(new PageRefused('no', 'quota')).lane).toEqual({ kind: 'none' });
    expect(judge(new TargetGone('removed')).lane).toMatchObject({ kind: 'dead' });
  });
});
