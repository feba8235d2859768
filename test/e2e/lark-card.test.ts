import { describe, it } from 'vitest';
import { eventually } from '../support/lark-app.ts';
import { CRASH, JOURNEYS, colourOf, journey } from '../support/lark-journey.ts';

describe.concurrent('lark', () => {
  it.for(JOURNEYS)(
    'goes from the alert to a diagnosed card that people act on, and back to green, by $mode in $locale',
    ({ mode, locale, t }, { expect }) =>
      journey({ mode, locale }, async (room) => {
        const { under, li, wang, zhao } = room;
        const [id = ''] = await under.alert(CRASH);
        const first = await room.card(id, t.title);
        expect(colourOf(first)).toBe('red');
        // A critical incident's first card calls those on duty by id, in its thread.
        await eventually(() => room.replies(first.id).length === 1);
        expect(room.replies(first.id)[0]).toMatchObject({ mentions: [li.openId, zhao.openId] });
        expect(room.replies(first.id)[0]?.threadId).toMatch(/^omt_/);
        expect((await room.card(id, t.cause, t.confirm)).id).toBe(first.id);

        expect(await room.press(wang, id, { text: t.ack })).toMatchObject({ code: 0, cardChanged: true });
        await room.card(id, 'Wang', t.acked);
        expect(await room.press(li, id, { text: t.confirm })).toMatchObject({ code: 0, toast: { type: 'success' } });
        await room.card(id, t.confirmed);
        expect(await room.press(wang, id, { text: t.silence })).toMatchObject({ code: 0, toast: { type: 'error' } });
        expect(await room.press(zhao, id, { text: t.silence })).toMatchObject({ code: 0, toast: { type: 'success' } });
        await room.card(id, t.silenced);

        await under.alert({ ...CRASH, status: 'resolved' });
        await eventually(() => colourOf(room.cards(id)[0]) === 'green');
        expect(room.cards(id)).toHaveLength(1);
      }),
  );
});
