import { describe, expect, it } from 'vitest';
import type { Card } from '../../../../src/cards/card.ts';
import type { InboundPress } from '../../../../src/channels/channel.ts';
import type { LarkInboundDeps } from '../../../../src/channels/lark/inbound/ports.ts';
import { NOW, bytes, clickEvent, clickSigned, createPlainWorld, envelope, legacyClick } from './world.ts';

const CARD: Card = { tone: 'info', title: 'As it is now', tags: [], blocks: [] };

async function click(body: object, more: Partial<LarkInboundDeps> = {}, card?: Card) {
  const world = createPlainWorld(more);
  if (card !== undefined) world.answer.now = { toast: { tone: 'info', text: 'Seen' }, card };
  const answer = await world.inbound.cardAction(bytes(body), {});
  const [press] = world.received as InboundPress[];
  return { ...world, ...answer, press };
}

async function legacy(more: object = {}, deps: Partial<LarkInboundDeps> = {}, world = createPlainWorld(deps)) {
  const raw = bytes(legacyClick(more));
  const answer = await world.inbound.cardAction(raw, clickSigned(raw));
  const [press] = world.received as InboundPress[];
  return { ...world, ...answer, press };
}

describe('a click', () => {
  it('becomes what every channel tells', async () => {
    const { press, status, body } = await click(clickEvent());
    expect(status).toBe(200);
    expect(body).toEqual({ toast: { type: 'success', content: 'Yours now' } });
    expect(press).toEqual({
      kind: 'press',
      channel: 'lark',
      id: 'ev-1',
      chat: 'lark:oc_1',
      direct: false,
      sender: { id: 'ou_anna', name: 'ou_anna', bot: false },
      receivedAt: NOW,
      value: { action: 'ack', incident_id: 'INC-20261122-003', rev: 7 },
      form: {},
      messageRef: 'om_card',
    });
  });

  it('is answered with the card as it is now, or with words alone, as configured', async () => {
    const toast = { type: 'info', content: 'Seen' };
    const data = { schema: '2.0', title: 'As it is now' };
    expect((await click(clickEvent(), {}, CARD)).body).toEqual({ toast, card: { type: 'raw', data } });
    expect((await click(clickEvent(), { clickAnswer: 'toast' }, CARD)).body).toEqual({ toast });
  });

  it('keeps its words when the card cannot be made', async () => {
    const renderCard = () => {
      throw new Error('no such colour');
    };
    const { body, logged } = await click(clickEvent(), { renderCard }, CARD);
    expect(body).toEqual({ toast: { type: 'info', content: 'Seen' } });
    expect(logged).toEqual([{ level: 'warn', action: 'press_card_failed' }]);
  });

  it('carries a form’s values, whatever their kind, and inputs outside of one by their name', async () => {
    const form_value = { reason: 'deploy', owners: ['ou_a', 'ou_b'], sure: true, count: 3, when: null, deep: { a: 1 } };
    const { press } = await click(clickEvent({ form_value }));
    expect({ ...press?.form }).toEqual({ reason: 'deploy', owners: 'ou_a,ou_b', sure: 'true', count: '3' });
    const chosen = await click(clickEvent({ name: 'to', option: 'ou_bo', tag: 'select_static' }));
    expect({ ...chosen.press?.form }).toEqual({ to: 'ou_bo' });
    const several = await click(clickEvent({ name: 'to', options: ['a', 'b'] }));
    expect({ ...several.press?.form }).toEqual({ to: 'a,b' });
  });

  it('takes `__proto__` as a name like any other', async () => {
    const raw = JSON.stringify(clickEvent({ form_value: { x: 'y' } })).replace('"x"', '"__proto__"');
    const world = createPlainWorld();
    await world.inbound.cardAction(Buffer.from(raw), {});
    const { form } = world.received[0] as InboundPress;
    expect(Object.entries(form)).toEqual([['__proto__', 'y']]);
    expect(({} as Record<string, unknown>)['y']).toBeUndefined();
  });

  it('is known by the user id where there is no open id, and by nobody where there is neither', async () => {
    expect((await click(clickEvent({}, { operator: { user_id: 'u1' } }))).press?.sender.id).toBe('u1');
    const nobody = await click(clickEvent({}, { operator: {} }));
    expect([nobody.status, nobody.body, nobody.press]).toEqual([200, {}, undefined]);
  });

  it('reads a value that came as a text', async () => {
    expect((await click(clickEvent({ value: '{"action":"ack"}' }))).press?.value).toEqual({ action: 'ack' });
    expect((await click(clickEvent({ value: 'ack' }))).press?.value).toBe('ack');
  });

  it('belongs to the target that the card was sent to', async () => {
    const world = createPlainWorld();
    world.places.set('om_card', { chat: 'lark:ou_anna' });
    await world.inbound.cardAction(bytes(clickEvent()), {});
    expect(world.received).toMatchObject([{ chat: 'lark:ou_anna', direct: true }]);
  });

  it('is answered in time: late work goes on, failed work says so', async () => {
    const never = { message: async () => undefined, press: () => new Promise<never>(() => {}) };
    const late = await click(clickEvent(), { receive: never, deadlineMs: 20 });
    expect(late.body).toEqual({ toast: { type: 'info', content: 'Received; the card will show the result' } });
    const failing = { ...never, press: () => Promise.reject(new Error('disk full')) };
    const failed = await click(clickEvent(), { receive: failing });
    expect([failed.status, failed.body]).toMatchObject([200, { toast: { type: 'error' } }]);
    expect(failed.logged).toEqual([{ level: 'error', action: 'press_failed' }]);
    const blind = { ofMessage: () => Promise.reject(new Error('disk full')), ofIncident: async () => undefined };
    expect((await click(clickEvent(), { places: blind })).body).toMatchObject({ toast: { type: 'error' } });
  });

  it('may come at the other address too, and as the connection’s frame', async () => {
    const { inbound, received } = createPlainWorld();
    await inbound.event(bytes(clickEvent()), {});
    await inbound.fromSocket(clickEvent());
    expect(received.map(({ id }) => id)).toEqual(['ev-1', 'ev-1']);
  });
});

describe('a legacy click', () => {
  it('is placed by its message, by its incident, or else with the person', async () => {
    const world = createPlainWorld();
    world.places.set('om_card', { chat: 'lark:oc_1' });
    world.incidents.set('INC-20261122-003', { chat: 'lark:oc_2' });
    expect((await legacy({ open_message_id: 'om_card' }, {}, world)).press).toMatchObject({
      chat: 'lark:oc_1',
      messageRef: 'om_card',
    });
    world.received.length = 0;
    expect((await legacy({}, {}, world)).press).toMatchObject({ chat: 'lark:oc_2', direct: false, messageRef: '' });
    expect((await legacy()).press).toMatchObject({ chat: 'lark:ou_anna', direct: true });
  });

  it('on a copy of a card has nothing of the chat where the card stands', async () => {
    const world = createPlainWorld();
    world.incidents.set('INC-20261122-003', { chat: 'lark:oc_2' });
    const { press } = await legacy({ open_message_id: 'om_forwarded' }, {}, world);
    expect(press).toMatchObject({ chat: 'lark:ou_anna', direct: true });
  });

  it('is answered with the card at the top', async () => {
    const world = createPlainWorld();
    world.answer.now = { toast: { tone: 'ok', text: 'Yours now' }, card: CARD };
    const toast = { type: 'success', content: 'Yours now' };
    expect((await legacy({}, {}, world)).body).toEqual({ schema: '2.0', title: 'As it is now', toast });
  });

  it('is the same click on the same message by the same person with the same meaning', async () => {
    const id = async (more: object): Promise<string | undefined> => (await legacy(more)).press?.id;
    const value = { action: 'ack', incident_id: 'INC-20261122-003', rev: 7 };
    const base = { open_message_id: 'om_card', action: { value } };
    const first = await id(base);
    expect(await id({ ...base, token: 'c-10' })).toBe(first);
    const others = [
      { ...base, open_message_id: 'om_other' },
      { ...base, open_id: 'ou_bo' },
      { ...base, action: { value: { ...value, action: 'resolve' } } },
      { ...base, action: { value: { ...value, rev: 8 } } },
    ];
    const ids = await Promise.all(others.map(id));
    expect(new Set([first, ...ids]).size).toBe(5);
    // Nothing in it but its own token tells one press of a card without a rev from the next.
    expect(await id({ token: 'c-1' })).toBe(await id({ token: 'c-1' }));
    expect(await id({ token: 'c-1' })).not.toBe(await id({ token: 'c-2' }));
  });
});

describe('a reaction', () => {
  const reaction = (more: object = {}) =>
    envelope('im.message.reaction.created_v1', {
      message_id: 'om_card',
      reaction_type: { emoji_type: 'OnIt' },
      operator_type: 'user',
      user_id: { open_id: 'ou_anna' },
      action_time: '1790000000000',
      ...more,
    });

  async function react(body: object) {
    const world = createPlainWorld();
    world.places.set('om_card', { chat: 'lark:oc_1', incidentId: 'INC-20261122-003' });
    world.places.set('om_report', { chat: 'lark:oc_1' });
    expect(await world.inbound.event(bytes(body), {})).toEqual({ status: 200, body: {} });
    return world.received;
  }

  it('to an incident’s card is the press it stands for', async () => {
    expect(await react(reaction())).toMatchObject([
      {
        kind: 'press',
        id: 'ev-1',
        chat: 'lark:oc_1',
        sender: { id: 'ou_anna' },
        value: { action: 'ack', incident_id: 'INC-20261122-003' },
        messageRef: 'om_card',
      },
    ]);
    expect(await react(reaction({ reaction_type: { emoji_type: 'done' } }))).toMatchObject([
      { value: { action: 'resolve' } },
    ]);
  });

  it('that comes before we know which message the card became is not lost', async () => {
    const world = createPlainWorld();
    setTimeout(() => world.places.set('om_card', { chat: 'lark:oc_1', incidentId: 'INC-20261122-003' }), 50);
    await world.inbound.event(bytes(reaction()), {});
    expect(world.received).toMatchObject([{ kind: 'press', value: { action: 'ack' } }]);
  });

  it.each([
    ['an emoji that means nothing', { reaction_type: { emoji_type: 'SMILE' } }],
    ['an app, such as ourselves', { operator_type: 'app' }],
    ['nobody', { user_id: {} }],
    ['a message that is not ours', { message_id: 'om_foreign' }],
    ['a message about no incident', { message_id: 'om_report' }],
    ['no message', { message_id: undefined }],
  ])('of %s is nothing', async (_, more) => expect(await react(reaction(more))).toEqual([]));
});
