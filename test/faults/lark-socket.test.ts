import { setTimeout as sleep } from 'node:timers/promises';
import { describe, it } from 'vitest';
import { eventually } from '../support/lark-app.ts';
import { journey } from '../support/lark-journey.ts';
import type { LarkRoom } from '../support/lark-room.ts';

const MINUTE = 60_000;
const WARNING = { severity: 'warning' };

describe.concurrent('the long connection', () => {
  it.for([
    ['an error with data, which the vendor’s client takes for final', { code: 1, form: 'with-data' }],
    ['too many connections', { code: 1000040350, form: 'with-data' }],
    ['an error without data, which it repeats for ever', { code: 1000040345, form: 'without-data' }],
    ['HTTP 400', { code: 1000040345, form: 'http-400' }],
    ['HTTP 500', { code: 1, form: 'http-500' }],
  ] as const)('comes back after it broke and its door answered with %s', ([, error], { expect }) =>
    journey({ mode: 'websocket' }, async (room) => {
      const { lark, under, chat, li } = room;
      lark.endpoint.fail({ ...error, times: 1 });
      lark.connections.drop();
      await eventually(async () =>
        (await (await fetch(`${under.url}/readyz`)).text()).includes('no long connection since'),
      );
      const missed = await lark.people.says({ chat, from: li, text: '@bot /status' });
      expect(missed.first.problem).toBe('no-address');
      await jump(room, 61_000, () => lark.connections.open().length === 1);
      // The platform brings what was missed: 15 s, 5 min, 1 h and 6 h later. An answer that waits too long is dropped.
      const { event_id: eventId } = missed.envelope.header;
      const isTaken = () => lark.attempts.some((one) => one.eventId === eventId && one.problem === undefined);
      await jump(room, 3 * MINUTE, isTaken);
      await eventually(() => room.replies(missed.message.id).length === 1);
    }),
  );

  it('that breaks after an event was taken but not acknowledged: it comes again and counts once', ({ expect }) =>
    journey({ mode: 'websocket' }, async (room) => {
      const { lark, under, chat, wang } = room;
      const [id = ''] = await under.alert({ name: 'DiskFull', labels: WARNING });
      const { id: messageId } = await room.card(id, 'Diagnosed');
      const acknowledged = lark.connections.onAck;
      lark.connections.onAck = () => lark.connections.drop();
      const event = {
        message_id: 'om_said',
        chat_id: chat.id,
        chat_type: 'group',
        message_type: 'text',
        content: JSON.stringify({ text: `@zhiban /ack ${id}` }),
        mentions: [],
      };
      const sender = { sender_id: { open_id: wang.openId }, sender_type: 'user' };
      await lark.people.push('im.message.receive_v1', { sender, message: event });
      lark.connections.onAck = acknowledged;
      await room.card(id, 'Wang', 'acknowledged');
      await jump(room, 61_000, () => lark.connections.open().length === 1);
      await jump(room, 3 * MINUTE, () =>
        lark.attempts.some(({ attempt, problem }) => attempt > 0 && problem === undefined),
      );
      const said = lark
        .messages(chat.id)
        .filter(({ text }) => text.includes('acknowledged by Wang') || text.includes('already'));
      expect(said).toHaveLength(1);
      expect(room.cards(id).map((card) => card.id)).toEqual([messageId]);
    }));
});

/** Of three minutes, seven hours: until after the last time that the platform brings something. */
const MOST_STEPS = 140;

/** Moves time on in steps until it holds; what waits for real time gets some between them. */
async function jump({ lark }: LarkRoom, ms: number, holds: () => boolean): Promise<void> {
  for (let steps = 0; !holds(); steps += 1) {
    if (steps > MOST_STEPS) throw new Error(`still not so after ${steps} steps of ${ms} ms: ${holds.toString()}`);
    await lark.clock.advance(ms);
    await sleep(100);
  }
}
