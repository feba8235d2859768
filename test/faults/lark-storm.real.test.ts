import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { Message } from '../simulators/lark/world.ts';
import { eventually } from '../support/lark-app.ts';
import { journey } from '../support/lark-journey.ts';
import { type LarkRoom, isGreen, isTitled, posted } from '../support/lark-room.ts';

const ALERTS = 300;
const OWN_CARDS = 20;
const STILL_FIRING = 3;
const LABELS = { severity: 'warning' };
const names = Array.from({ length: ALERTS }, (_, n) => `Storm${n}x`);

describe('a storm on one group, under its five calls a second that another bot takes part of', () => {
  it('is a few cards and one that counts the rest; afterwards what is still open has a card', () =>
    journey({ mode: 'websocket', environment: { STORM_PER_MINUTE: `${OWN_CARDS}` } }, async (room) => {
      const { lark, under } = room;
      // All five at first, whatever the machine's pace; from the second refusal on, three.
      lark.settings.othersTake = 5;
      const calls = () => lark.calls.filter(({ path, method }) => method !== 'GET' && path.includes('/im/v1/messages'));
      const refused = () => calls().filter(({ code }) => code === 230020).length;
      for (let n = 0; n < ALERTS; n += 30) {
        await Promise.all(names.slice(n, n + 30).map((name) => under.alert({ name, labels: LABELS })));
      }
      await eventually(() => refused() > 1);
      lark.settings.othersTake = 3;
      await eventually(() => cards(room).length === OWN_CARDS + 1);
      const storm = (): Message | undefined => cards(room).find((card) => !names.some((name) => isTitled(card, name)));
      await eventually(
        () =>
          storm()
            ?.versions.at(-1)
            ?.includes(`${ALERTS - OWN_CARDS}`) === true,
        20_000,
      );
      expect(await count(under.url)).toBe(ALERTS);

      for (let n = STILL_FIRING; n < ALERTS; n += 30) {
        await Promise.all(
          names.slice(n, n + 30).map((name) => under.alert({ name, status: 'resolved', labels: LABELS })),
        );
      }
      const own = cards(room).filter((card) => card !== storm());
      const over = own.filter((card) => !firing.some((name) => isTitled(card, name)));
      await eventually(() => over.every(({ versions }) => isGreen(versions.at(-1))));
      // Five calm minutes end it.
      for (let step = 0; step < 45; step += 1) {
        await lark.clock.advance(10_000);
        await sleep(40);
      }
      await eventually(() => firing.every((name) => cards(room).some((card) => isTitled(card, name))));
      await eventually(() => posted(room).length === cards(room).length + over.length).catch(() => undefined);

      const released = firing.filter((name) => !own.some((card) => isTitled(card, name)));
      expect(cards(room)).toHaveLength(OWN_CARDS + 1 + released.length);
      // Each card calls people once, each recovery of a card of its own once more; edits call nobody.
      const called = lark.world.notifications.filter(
        ({ messageId }) => lark.world.messages.get(messageId)?.sender === 'app',
      );
      expect(called).toHaveLength(cards(room).length + over.length);
      // Told to wait, it waits: refused calls are few beside those that were carried out.
      expect(refused()).toBeLessThan((calls().length - refused()) / 2);
    }));
});

const firing = names.slice(0, STILL_FIRING);

const cards = (room: LarkRoom): readonly Message[] =>
  posted(room).filter(({ type, rootId }) => type === 'interactive' && rootId === undefined);

/** How many incidents there are, whatever is shown of them. */
async function count(url: string): Promise<number> {
  const response = await fetch(`${url}/api/v1/incidents?limit=1`);
  const { data } = (await response.json()) as { readonly data: { readonly total: number } };
  return data.total;
}
