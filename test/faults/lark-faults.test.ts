import { describe, it } from 'vitest';
import { deadToken, platformError, tooManyRequests } from '../simulators/lark/faults.ts';
import { eventually } from '../support/lark-app.ts';
import { colourOf, journey } from '../support/lark-journey.ts';
import type { LarkRoom } from '../support/lark-room.ts';

const SEND = 'POST /open-apis/im/v1/messages';
const EDIT = 'PATCH /open-apis/im/v1/messages/';
const DAY = 24 * 3_600_000;
const WARNING = { severity: 'warning' };
const LOCKED = 'Failed to create card content, ext=ErrCode: 11310; ErrMsg: card action is lock; ';

/** Refusals that pass by, each in the place of the answer it is documented for, and how long to wait after it, ms. */
const BUSY = 'This operation triggers the frequency limit.';
const PASSING = [
  ['a card locked by a press', EDIT, platformError(230099, LOCKED), 1000],
  ['the gateway’s throttle of an edit', EDIT, tooManyRequests(3), 3000],
  ['the gateway’s throttle of a post', SEND, tooManyRequests(3), 3000],
  ['the group’s throttle of a post', SEND, platformError(230020, BUSY), 1000],
  ['the group’s throttle with HTTP 200', SEND, platformError(230020, BUSY, 200), 1000],
  ['a peak of the whole system', SEND, platformError(11232, 'create message service trigger rate limit'), 10_000],
  ['a dead token at a post, HTTP 400', SEND, deadToken(400), 0],
  ['a dead token at an edit, HTTP 200', EDIT, deadToken(200), 0],
  ['a message that is being sent', SEND, platformError(230049, 'The message is being sent.'), 0],
  ['an answer that ends in the middle', SEND, { kind: 'truncated' } as const, 0],
  ['a connection that breaks after the post', SEND, { kind: 'reset', when: 'after-commit' } as const, 0],
  ['a connection that breaks after the edit', EDIT, { kind: 'reset', when: 'after-commit' } as const, 0],
  ['a gateway’s own page', EDIT, { kind: 'answer', answer: { status: 502, body: '<html></html>' } } as const, 0],
] as const;

/** The bot's posts and edits that the platform was asked for, by what became of them. */
const asked = ({ lark }: LarkRoom, method: string) =>
  lark.calls.filter((call) => call.method === method && call.path.startsWith('/open-apis/im/v1/messages'));

describe.concurrent('a fault of the platform that passes by', () => {
  it.for(PASSING)('%s: the card is shown once and ends green', ([, where, fault, waitMs], { expect }) =>
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
      const calls = lark.calls.filter(({ path, method }) => method !== 'GET' && path.includes('/im/v1/messages'));
      const refused = calls.findIndex(({ code }) => code !== undefined && code !== 0);
      if (waitMs > 0)
        expect((calls[refused + 1]?.at ?? 0) - (calls[refused]?.at ?? Infinity)).toBeGreaterThanOrEqual(waitMs);
      // Once more where it was refused, not again and again.
      expect(asked(room, 'POST').length).toBeLessThanOrEqual(4);
      expect(asked(room, 'PATCH').length).toBeLessThanOrEqual(6);
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
