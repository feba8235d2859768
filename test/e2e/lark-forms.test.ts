import { describe, it } from 'vitest';
import { eventually } from '../support/lark-app.ts';
import { CRASH, JOURNEYS, colourOf, journey, optionOf } from '../support/lark-journey.ts';

describe.concurrent('lark', () => {
  it.for(JOURNEYS)(
    'assigns by a select, rejects and resolves with words typed into a form, and reopens, by $mode in $locale',
    ({ mode, locale, t }, { expect }) =>
      journey({ mode, locale }, async (room) => {
        const { under, li, zhao } = room;
        const [id = ''] = await under.alert({ ...CRASH, labels: { ...CRASH.labels, severity: 'warning' } });
        const { id: messageId } = await room.card(id, t.reject);
        const form = { reason: 'the release, not memory' };
        expect(await room.press(li, id, { text: t.reject, form })).toMatchObject({
          code: 0,
          toast: { type: 'success' },
        });
        await room.card(id, t.rejected);

        const chosen = { text: t.assign, form: { to: optionOf(room.cards(id)[0], 'Zhao') } };
        expect(await room.press(li, id, chosen)).toMatchObject({ code: 0, toast: { type: 'success' } });
        await eventually(() => room.replies(messageId).some(({ text }) => text.includes(t.assigned)));
        expect(room.replies(messageId).at(-1)).toMatchObject({ mentions: [zhao.openId] });

        const why = { text: t.resolve, form: { cause: 'v2.3 shipped without its config' } };
        expect(await room.press(zhao, id, why)).toMatchObject({ code: 0, cardChanged: true });
        expect(colourOf(await room.card(id, 'v2.3 shipped without its config', t.reopen))).toBe('green');
        expect(await room.press(li, id, { text: t.reopen })).toMatchObject({ code: 0, toast: { type: 'success' } });
        await eventually(() => colourOf(room.cards(id)[0]) !== 'green');
        expect(room.cards(id)).toHaveLength(1);
      }),
  );
});
