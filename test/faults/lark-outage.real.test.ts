import { setTimeout as sleep } from 'node:timers/promises';
import { describe, it } from 'vitest';
import { type SentAlert, eventually } from '../support/lark-app.ts';
import { journey } from '../support/lark-journey.ts';
import { type LarkRoom, isGreen, isTitled, posted } from '../support/lark-room.ts';

const MINUTE = 60_000;
const environment = { REMIND_AFTER: '23h', REOPEN_WINDOW: '2h', STORM_PER_MINUTE: '100' };
const LABELS = { severity: 'warning' };

/** Recovers and comes back while nobody can be told; its card was begun before. */
const RETURNED = 'During0x';

const OUTAGES = [
  { kind: 'unreachable', mode: 'websocket' },
  { kind: 'answering-503', mode: 'webhook' },
] as const;

describe.concurrent('an hour without the platform', () => {
  it.for(OUTAGES)('($kind, $mode) ends in one true card for each incident', ({ kind, mode }, { expect }) =>
    journey({ mode, environment }, async (room) => {
      const { lark, under } = room;
      const states = new Map<string, 'firing' | 'resolved'>();
      const say = async (name: string, status: 'firing' | 'resolved' = 'firing'): Promise<void> => {
        const alert: SentAlert = { name, status, labels: LABELS };
        expect(await under.alert(alert)).toHaveLength(1);
        states.set(name, status);
      };
      for (let n = 0; n < 4; n += 1) await say(`Known${n}x`);
      await eventually(() => [0, 1, 2, 3].every((n) => titled(room, `Known${n}x`).length === 1));

      lark.outage(kind);
      for (let n = 0; n < 20; n += 1) await say(`During${n}x`);
      await pass(room, 20);
      for (let n = 0; n < 20; n += 3) await say(`During${n}x`, 'resolved');
      await say('Known1x', 'resolved');
      await pass(room, 45);
      await say('During1x', 'resolved');
      await say(RETURNED);
      lark.outage('none');

      const untrue = () => [...states].filter(([name, status]) => !isTrue(titled(room, name), status));
      await eventually(() => untrue().length === 0).catch(() => undefined);
      expect(untrue()).toEqual([]);
      await quiet(room);
      // A card calls people once. What happened after the state that it was posted in is announced, and once.
      for (const name of states.keys()) {
        const [card] = posted(room).filter((message) => isTitled(message, name));
        const replies = posted(room).filter(({ rootId }) => rootId === card?.id);
        const changed = isGreen(card?.versions[0]) !== isGreen(card?.versions.at(-1));
        expect([name, replies.length]).toEqual([name, changed || name === RETURNED ? 1 : 0]);
      }
      const others = posted(room).filter(
        (message) => message.rootId === undefined && ![...states.keys()].some((name) => isTitled(message, name)),
      );
      expect(
        others.map(({ versions }) => versions[0]).filter((text) => text?.includes('connection to lark') !== true),
      ).toEqual([]);
    }),
  );

  it.for(['same-message', 'refused'] as const)(
    'leaves one card where a post was carried out and its answer lost, when a repeated uuid gets: %s',
    (repeatedUuid, { expect }) =>
      journey({ mode: 'webhook', environment }, async (room) => {
        const { lark, under } = room;
        lark.settings.repeatedUuid = repeatedUuid;
        lark.faults.next('POST /open-apis/im/v1/messages', { kind: 'reset', when: 'after-commit' });
        await under.alert({ name: 'Torn', labels: LABELS });
        await eventually(() => titled(room, 'Torn').length === 1);
        await under.alert({ name: 'Torn', status: 'resolved', labels: LABELS });
        await pass(room, 50);
        expect(titled(room, 'Torn')).toHaveLength(1);
        // Where the platform will not say which message it was, a card that can be edited comes once it has forgotten.
        await pass(room, 15);
        await eventually(() => titled(room, 'Torn').some(isGreen));
        await quiet(room);
        expect(titled(room, 'Torn')).toHaveLength(repeatedUuid === 'same-message' ? 1 : 2);
      }),
  );
});

/** What stands on the cards with this title. */
const titled = (room: LarkRoom, name: string) =>
  posted(room)
    .filter((message) => isTitled(message, name))
    .map(({ versions }) => versions.at(-1) ?? '');

const isTrue = (cards: readonly string[], status: 'firing' | 'resolved'): boolean =>
  cards.length === 1 && isGreen(cards[0]) === (status === 'resolved');

/** Minutes go by, in steps that leave what happens in each its real time. */
async function pass({ lark }: LarkRoom, minutes: number): Promise<void> {
  for (let step = 0; step < minutes * 2; step += 1) {
    await lark.clock.advance(MINUTE / 2);
    await sleep(15);
  }
}

/** Waits until nothing was said for a while. */
async function quiet({ lark }: LarkRoom): Promise<void> {
  let calls = -1;
  await eventually(async () => {
    const before = calls;
    calls = lark.calls.length;
    await sleep(700);
    return before === lark.calls.length;
  });
}
