import { afterEach, beforeEach, expect, it } from 'vitest';
import { answerKey, finalMessage, type Ending, type Question } from '../../src/chat/assistant/ports.ts';
import { createAnswers } from '../../src/store/answers.ts';
import { createConversations } from '../../src/store/conversations.ts';
import type { Engine } from '../../src/store/database.ts';
import { enqueueMessage } from '../../src/store/delivery/outbox.ts';
import { claimDue, scheduleDue } from '../../src/store/due.ts';
import { describeEngines } from '../support/engines.ts';
import { createFakeChannel, type FakeChannel } from '../support/fake-channel.ts';
import { type World, openWorld, until } from '../delivery/world.ts';

const card = (title: string) => ({ tone: 'neutral', title, tags: [], blocks: [] }) as const;

const QUESTION: Question = {
  id: 'fake:m1',
  text: 'why?',
  targetId: 'room-1',
  channel: 'fake',
  conversation: 'c1',
  asker: { id: 'fake:ann', name: 'Ann' },
  locale: 'en-US',
  timezone: 'UTC',
  askedAt: 1,
  traceId: 't',
  thread: 'm1',
  messageRef: 'm1',
};

describeEngines('an answer on its way', (engine: Engine) => {
  let fake: FakeChannel;
  let world: World;
  let answers: ReturnType<typeof createAnswers>;
  let worker: ReturnType<World['start']>;
  beforeEach(async () => {
    fake = createFakeChannel();
    world = await openWorld(engine, { channels: [fake.channel] });
    await world.addTarget('room-1');
    const { database, write } = world;
    answers = createAnswers({ database, write, messageOf: finalMessage, keyOf: answerKey });
    worker = world.start();
  });
  afterEach(() => world.close());

  const now = () => world.clock.now();
  const take = (question = QUESTION, message = true) =>
    world.write('press', async (trx) => {
      const first = card('Looking');
      const payload = { kind: 'growing', first, card: first, locale: 'en-US' } as const;
      if (message) {
        const row = {
          targetId: 'room-1',
          kind: 'answer',
          payload,
          replyTo: 'm1',
          dedupeKey: answerKey(question),
        } as const;
        await enqueueMessage(trx, row, now());
      }
      await scheduleDue(trx, { kind: 'answer', subject: question.id, dueAt: now(), payload: JSON.stringify(question) });
    });
  const claim = async () => {
    const [work] = await world.write('job', (trx) => claimDue(trx, 'answer', 1, now(), 60_000));
    if (work === undefined) throw new Error('nothing to do');
    return work;
  };
  const ending = (over: Partial<Ending> = {}): Ending => ({ question: QUESTION, card: card('Done'), ...over });
  const titles = () => fake.calls.map(({ verb, title, about }) => `${verb} ${title || about}`);
  const shown = (title: string) => until(() => titles().at(-1)?.endsWith(title) === true);

  it('is one message: posted once, then edited until it is complete', async () => {
    await take();
    await until(() => fake.calls.length === 1);
    const work = await claim();
    await until(() => answers.grow(QUESTION, card('Some'), now()));
    await shown('Some');
    await until(async () => (await answers.finish(work, ending(), now())) === 'done');
    await shown('Done');
    expect(new Set(fake.calls.map(({ ref }) => ref)).size).toBe(1);
    expect(titles()).toEqual(['send Looking', 'edit Some', 'edit Done']);
    await expect(claim()).rejects.toThrow('nothing to do');
  });

  it('shows of many states only the last that waits', async () => {
    await worker.stop();
    await take();
    for (const title of ['One', 'Two', 'Three']) await answers.grow(QUESTION, card(title), now());
    world.start();
    await shown('Three');
    await world.settled();
    expect(titles()).toEqual(['send Three']);
  });

  it('whose first post may have arrived is posted again as it began, and then edited', async () => {
    let lost = true;
    fake.script((call) => {
      if (call.verb !== 'send' || !lost) return;
      lost = false;
      throw new TypeError('the connection broke');
    });
    await take();
    await until(() => fake.calls.length === 1);
    const work = await claim();
    await until(async () => (await answers.finish(work, ending(), now())) === 'done');
    await shown('Done');
    expect(titles()).toEqual(['send Looking', 'send Looking', 'edit Done']);
    expect(fake.calls[0]?.key).toBe(fake.calls[1]?.key);
  });

  it('where nothing can be edited, is one message at the end', async () => {
    await take(QUESTION, false);
    const work = await claim();
    expect(await answers.grow(QUESTION, card('Some'), now())).toBe(false);
    expect(await answers.finish(work, ending(), now())).toBe('done');
    await until(() => fake.calls.length === 1);
    expect(titles()).toEqual(['send Done']);
    expect(fake.calls[0]?.message?.replyTo).toBe('m1');
  });

  it('whose message somebody took away is sent anew', async () => {
    await take();
    await until(() => fake.calls.length === 1);
    await world.settled();
    await world.database.db.updateTable('outbox').set({ state: 'dead' }).execute();
    expect(await answers.finish(await claim(), ending(), now())).toBe('done');
    await until(() => fake.calls.length === 2);
    expect(titles()).toEqual(['send Looking', 'send Done']);
  });

  it('is asked again after a crash, and whoever lost the work writes nothing', async () => {
    await take();
    const before = await claim();
    await world.database.db.updateTable('due').set({ lease_token: null, lease_until: 0 }).execute();
    const again = await claim();
    expect(again).toMatchObject({ subject: QUESTION.id, attempts: 2, payload: before.payload });
    expect(await answers.finish(before, ending({ card: card('Late') }), now())).toBe('lost');
    await until(async () => (await answers.finish(again, ending(), now())) === 'done');
    await shown('Done');
    expect(titles().join()).not.toContain('Late');
  });

  it('can be told to stop, by the chat it is in', async () => {
    await take();
    expect(await answers.writing('room-2')).toEqual([]);
    expect(await answers.writing('room-1')).toEqual([{ id: 'fake:m1', thread: 'm1', askerId: 'fake:ann' }]);
    expect(await answers.stopped(QUESTION.id)).toBeUndefined();
    await answers.stop([QUESTION.id, 'fake:none'], 'Bob');
    expect(await answers.stopped(QUESTION.id)).toBe('Bob');
    expect(await answers.writing('room-1')).toEqual([]);
  });

  it('is remembered with what was asked; two of one thread at once both are, the oldest go', async () => {
    const read = createConversations({ database: world.database });
    const turn = (text: string) => ({ by: 'person', text, at: now() }) as const;
    const ends = async (id: string, text: string, over: Partial<Ending> = {}) => {
      const question = { ...QUESTION, id };
      await take(question, false);
      const remember = { turns: [turn(text)], remote: { provider: 'dify', subject: 's', id: `r-${id}` } };
      await answers.finish(await claim(), ending({ question, remember, ...over }), now());
    };
    await ends('fake:m2', 'one', { incidentId: 'INC-20261122-001' });
    await ends('fake:m3', 'two');
    const known = await read('c1', now());
    expect(known).toMatchObject({ incidentId: 'INC-20261122-001', remote: { id: 'r-fake:m3' } });
    expect(known.turns.map(({ text }) => text)).toEqual(['one', 'two']);
    for (let n = 0; n < 18; n += 1) await ends(`fake:n${n}`, `n${n}`);
    expect((await read('c1', now())).turns).toHaveLength(16);
    expect(await read('c1', now(), now() + 1000)).toEqual({ turns: [] });
    expect(await read('c1', now() + 31 * 24 * 3_600_000)).toEqual({ turns: [] });
    expect(await read('c2', now())).toEqual({ turns: [] });
  });
});
