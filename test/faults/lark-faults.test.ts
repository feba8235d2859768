import { describe, it } from 'vitest';
import { platformError, tooManyRequests } from '../simulators/lark/faults.ts';
import { eventually } from '../support/lark-app.ts';
import { colourOf, journey } from '../support/lark-journey.ts';
import { type LarkRoom, openLarkRoom } from '../support/lark-room.ts';

const SEND = 'POST /open-apis/im/v1/messages';
const EDIT = 'PATCH /open-apis/im/v1/messages/';
const DAY = 24 * 3_600_000;
const WARNING = { severity: 'warning' };
const LOCKED = 'Failed to create card content, ext=ErrCode: 11310; ErrMsg: card action is lock; ';

/** Refusals that pass by, each in the place of the answer it is documented for. */
const BUSY = 'This operation triggers the frequency limit.';
const PASSING = [
  ['a card locked by a press', EDIT, platformError(230099, LOCKED)],
  ['the gateway’s throttle of an edit', EDIT, tooManyRequests(2)],
  ['the gateway’s throttle of a post', SEND, tooManyRequests(2)],
  ['the group’s throttle of a post', SEND, platformError(230020, BUSY)],
  ['the group’s throttle with HTTP 200', SEND, platformError(230020, BUSY, 200)],
  ['a peak of the whole system', SEND, platformError(11232, 'create message service trigger rate limit')],
  ['a message that is being sent', SEND, platformError(230049, 'The message is being sent.')],
  ['an answer that ends in the middle', SEND, { kind: 'truncated' } as const],
  ['a connection that breaks after the post', SEND, { kind: 'reset', when: 'after-commit' } as const],
  ['a connection that breaks after the edit', EDIT, { kind: 'reset', when: 'after-commit' } as const],
  ['a gateway’s own page', EDIT, { kind: 'answer', answer: { status: 502, body: '<html></html>' } } as const],
] as const;

/** The bot's posts and edits that the platform was asked for, by what became of them. */
const asked = ({ lark }: LarkRoom, method: string) =>
  lark.calls.filter((call) => call.method === method && call.path.startsWith('/open-apis/im/v1/messages'));

describe.concurrent('a fault of the platform that passes by', () => {
  it.for(PASSING)('%s: the card is shown once and ends green', ([, where, fault], { expect }) =>
    journey({ mode: 'websocket' }, async (room) => {
      const { lark, under } = room;
      lark.faults.next(where, fault);
      const [id = ''] = await under.alert({ name: 'DiskFull', labels: WARNING });
      await room.card(id, 'Diagnosed');
      await under.alert({ name: 'DiskFull', status: 'resolved', labels: WARNING });
      await eventually(() => colourOf(room.cards(id)[0]) === 'green');
      expect(room.cards(id)).toHaveLength(1);
      await eventually(() => room.replies(room.cards(id)[0]?.id ?? '').length === 1);
      // The card and its recovery, and nothing else, called people.
      expect(lark.world.notifications).toHaveLength(2);
      // Once more where it was refused, not again and again.
      expect(asked(room, 'POST').length).toBeLessThanOrEqual(4);
      expect(asked(room, 'PATCH').length).toBeLessThanOrEqual(6);
    }),
  );
});

describe.concurrent('told to wait, or that its token is dead', () => {
  it('waits as long as the gateway says, in real time', async ({ expect }) => {
    const room = await openLarkRoom({ mode: 'webhook' });
    try {
      room.lark.faults.next(SEND, tooManyRequests(3));
      const [id = ''] = await room.under.alert({ name: 'DiskFull', labels: WARNING });
      await room.card(id);
      const [refused, taken, ...more] = asked(room, 'POST');
      expect([refused?.status, taken?.status, more]).toEqual([429, 200, []]);
      expect((taken?.at ?? 0) - (refused?.at ?? 0)).toBeGreaterThanOrEqual(3000);
    } finally {
      await room.close();
    }
  });

  it.for(['http-400', 'http-200'] as const)('asks for another token (%s) and says it at once', (form, { expect }) =>
    journey({ mode: 'websocket' }, async (room) => {
      const { lark, under } = room;
      await under.alert({ name: 'KubePodCrashLooping', labels: WARNING });
      await room.card('KubePodCrashLooping', 'Diagnosed');
      const known = lark.tokens.issued();
      lark.tokens.revoke(form);
      const [id = ''] = await under.alert({ name: 'DiskFull', labels: WARNING });
      await room.card(id);
      await under.alert({ name: 'DiskFull', status: 'resolved', labels: WARNING });
      await eventually(() => colourOf(room.cards(id)[0]) === 'green');
      expect(lark.tokens.issued() - known).toBe(1);
      expect(lark.calls.filter(({ code }) => code === 99991663)).toHaveLength(1);
    }),
  );
});

describe.concurrent('a card that several want to change', () => {
  it('at once: two people press while its alert recovers, and it ends as all of it says', ({ expect }) =>
    journey({ mode: 'webhook' }, async (room) => {
      const { lark, under, wang, zhao } = room;
      const [id = ''] = await under.alert({ name: 'DiskFull', labels: WARNING });
      await room.card(id, 'Diagnosed');
      const ack = { text: 'Acknowledge' };
      const over = under.alert({ name: 'DiskFull', status: 'resolved', labels: WARNING });
      const pressed = await Promise.all([room.press(wang, id, ack), room.press(zhao, id, ack), over]);
      expect(pressed.slice(0, 2)).toMatchObject([{ code: 0 }, { code: 0 }]);
      await eventually(() => colourOf(room.cards(id)[0]) === 'green');
      await eventually(() => room.replies(room.cards(id)[0]?.id ?? '').length === 1);
      expect(colourOf(room.cards(id)[0])).toBe('green');
      expect(room.cards(id)).toHaveLength(1);
      expect(lark.calls.filter(({ code }) => code === 230099).length).toBeLessThan(5);
    }));

  it('by a press whose answer is to be a toast alone follows by an edit', ({ expect }) =>
    journey({ mode: 'websocket', environment: { LARK_CLICK_ANSWER: 'toast' } }, async (room) => {
      const [id = ''] = await room.under.alert({ name: 'DiskFull', labels: WARNING });
      await room.card(id);
      const pressed = await room.press(room.wang, id, { text: 'Acknowledge' });
      expect(pressed).toMatchObject({ code: 0, cardChanged: false, toast: { type: 'success' } });
      await room.card(id, 'Wang', 'acknowledged');
    }));
});

describe.concurrent('a place or message that is gone', () => {
  it('a group the bot was removed from: its incidents go to the default target', ({ expect }) =>
    journey({ mode: 'websocket' }, async (room) => {
      const { lark, under, li } = room;
      const group = lark.addChat('payments', [li]);
      await lark.people.addsBot(li, group);
      await lark.people.says({ chat: group, from: li, text: '@bot /bind alertname=CardDeclined' });
      await eventually(() => lark.messages(group.id).some(({ text }) => text.includes('CardDeclined')));
      // Nobody tells us: the refusal of the post is all there is.
      group.botInside = false;
      const [id = ''] = await under.alert({ name: 'CardDeclined' });
      await room.card(id, 'CardDeclined');
      expect(lark.messages(group.id).some(({ card }) => JSON.stringify(card ?? {}).includes(id))).toBe(false);
      const page = await (await fetch(`${under.url}/readyz`)).text();
      expect(page).toContain('dead: payments');
    }));

  it('a card that a person withdrew is issued anew, in its latest state', ({ expect }) =>
    journey({ mode: 'websocket' }, async (room) => {
      const { lark, under, li } = room;
      const [id = ''] = await under.alert({ name: 'DiskFull', labels: WARNING });
      const { id: withdrawn } = await room.card(id, 'Diagnosed');
      await lark.people.withdraws(li, withdrawn);
      await under.alert({ name: 'DiskFull', status: 'resolved', labels: WARNING });
      await eventually(() => colourOf(room.cards(id)[0]) === 'green');
      expect(room.cards(id).map((card) => card.id)).not.toContain(withdrawn);
      expect(room.cards(id)).toHaveLength(1);
    }));

  it('a card that is older than fourteen days is issued anew, and never edited', ({ expect }) =>
    journey({ mode: 'websocket', environment: { STALE_AFTER: '720h' } }, async (room) => {
      const { lark, under, wang } = room;
      const [id = ''] = await under.alert({ name: 'DiskFull', labels: WARNING });
      const old = await room.card(id, 'Diagnosed');
      await lark.clock.advance(14 * DAY + 60_000);
      await lark.people.says({ chat: room.chat, from: wang, text: `@bot /ack ${id}` });
      await eventually(() => room.cards(id).length === 2);
      await eventually(() => JSON.stringify(room.cards(id)[1]?.card).includes('Wang'));
      expect(JSON.stringify(room.cards(id)[0]?.card)).not.toContain('Wang');
      expect(lark.calls.filter(({ code }) => code === 230031)).toEqual([]);
      expect(await lark.press({ user: wang, messageId: old.id, text: 'Acknowledge' })).toMatchObject({ code: 200080 });
    }));
});

describe('both ways at once', () => {
  it('an event that comes by the long connection and by the address counts once, whichever is first', ({ expect }) =>
    journey({ mode: 'websocket', bothWays: true }, async (room) => {
      const { lark, under, chat, li, wang } = room;
      const [id = ''] = await under.alert({ name: 'DiskFull', labels: WARNING });
      const { id: messageId } = await room.card(id, 'Diagnosed');
      for (const via of ['webhook', 'socket'] as const) {
        const other = via === 'webhook' ? 'socket' : 'webhook';
        const heard = await lark.people.says({ chat, from: li, text: `@bot /note by ${via}`, via });
        await lark.people.replays(heard.envelope, other);
        await lark.people.duplicates(heard.envelope, other);
        await room.card(id, `by ${via}`);
        await eventually(() => room.replies(heard.message.id).length === 1);
      }
      const reacted = await lark.people.reacts(wang, messageId, 'OnIt', 'webhook');
      await lark.people.replays(reacted.envelope, 'socket');
      await room.card(id, 'Wang', 'acknowledged');
      const timeline = JSON.stringify(room.cards(id)[0]?.card);
      expect(timeline.match(/by webhook/gu)).toHaveLength(1);
      expect(timeline.match(/by socket/gu)).toHaveLength(1);
      const old = lark.pressLegacy({ user: li, messageId, value: { action: 'resolve', incident_id: id } });
      expect(await old).toMatchObject({ status: 200, toast: { type: 'success' }, card: { schema: '2.0' } });
      await eventually(() => colourOf(room.cards(id)[0]) === 'green');
    }));
});
