import { describe, it } from 'vitest';
import { eventually } from '../support/lark-app.ts';
import { CRASH, JOURNEYS, colourOf, journey } from '../support/lark-journey.ts';
import { textOf } from '../support/lark-room.ts';

describe.concurrent('lark', () => {
  it.for(JOURNEYS)(
    'hears reactions, commands and people who write to it directly, by $mode in $locale',
    ({ mode, locale, t }, { expect }) =>
      journey({ mode, locale }, async (room) => {
        const { under, lark, chat, wang, zhao } = room;
        const [id = ''] = await under.alert(CRASH);
        const [other = ''] = await under.alert({ name: 'DiskFull' });
        const card = await room.card(id, t.ack);
        await room.card(other);

        await lark.people.reacts(wang, card.id, 'OnIt');
        await room.card(id, 'Wang', t.acked);
        await lark.people.says({ chat, from: wang, text: '@bot /help' });
        await eventually(() => lark.messages(chat.id).some((one) => textOf(one.card).includes(t.help)));
        const asked = await lark.people.says({ chat, from: wang, text: '@bot /status' });
        await eventually(() =>
          room.replies(asked.message.id).some((one) => (one.text + textOf(one.card)).includes(t.status)),
        );

        const threadId = lark.messages(chat.id).find(({ rootId }) => rootId === card.id)?.id ?? '';
        const noted = await lark.people.says({
          chat,
          from: wang,
          text: '@bot /note called the bank',
          replyTo: threadId,
        });
        await room.card(id, 'called the bank');
        await eventually(() => lark.messages(chat.id).some(({ text }) => text.includes(t.noted) && text.includes(id)));
        expect(noted.message.rootId).toBe(card.id);
        expect(textOf(room.cards(other)[0]?.card)).not.toContain('called the bank');

        const direct = lark.addChat('Zhao', [zhao], 'p2p');
        await lark.people.says({ chat: direct, from: zhao, text: '/incidents' });
        await eventually(() => lark.messages(direct.id).some((one) => (one.text + textOf(one.card)).includes(id)));

        await lark.people.reacts(wang, card.id, 'DONE');
        await lark.people.reacts(zhao, card.id, 'DONE');
        await eventually(() => colourOf(room.cards(id)[0]) === 'green');
        expect(textOf(room.cards(id)[0]?.card)).toContain('Zhao');
      }),
  );
});
