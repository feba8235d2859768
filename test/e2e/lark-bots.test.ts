import { describe, it } from 'vitest';
import { alertBody, eventually } from '../support/lark-app.ts';
import { colourOf, journey } from '../support/lark-journey.ts';
import { textOf } from '../support/lark-room.ts';

const FORWARDER = 'cli_00000000feedf00d';
const WORDS = '[告警] Payments are slow\n服务: pay\n级别: critical';
const CARD = {
  title: 'Queue of mails is full',
  elements: [[{ tag: 'text', text: '服务: mail' }], [{ tag: 'text', text: '级别: critical' }]],
};
const environment = { ALERT_BOT_IDS: FORWARDER };

describe.concurrent.each(['websocket', 'webhook'] as const)('other bots of the group, by %s', (mode) => {
  it('raise alerts by text and by card when they are named, and are never answered', ({ expect }) =>
    journey({ mode, environment }, async (room) => {
      const { lark, chat } = room;
      await lark.people.says({ chat, from: 'cli_0000000000000bad', text: '[告警] Nobody asked this bot' });
      const said = await lark.people.says({ chat, from: FORWARDER, text: WORDS });
      await room.card('Payments are slow', 'pay');
      const shown = { type: 'interactive', content: CARD } as const;
      await lark.people.says({ chat, from: FORWARDER, message: shown });
      await room.card('Queue of mails is full', 'mail');
      await lark.people.duplicates(said.envelope);
      await lark.people.says({ chat, from: FORWARDER, text: '@bot /help' });
      await room.card('/help');
      expect(room.cards('Payments are slow')).toHaveLength(1);
      expect(room.cards('Nobody asked')).toEqual([]);
      expect(room.replies(said.message.id)).toEqual([]);
    }));

  it('and a program that posts the same to our own address speak of one incident', ({ expect }) =>
    journey({ mode, environment }, async (room) => {
      const { under, lark, chat } = room;
      await lark.people.says({ chat, from: FORWARDER, text: WORDS });
      const card = await room.card('Payments are slow');
      const [id = ''] = await under.post({ message: WORDS, sender_id: FORWARDER, chat_id: chat.id });
      expect(textOf(card.card)).toContain(id);
      const [again] = await under.post({ message: WORDS, sender_id: FORWARDER, chat_id: `lark:${chat.id}` });
      expect(again).toBe(id);

      const [stock = ''] = await under.alert({ name: 'StockIsLow' });
      await room.card(stock);
      // A bot that forwards what Alertmanager sent, as it came: the recovery reaches us by chat alone.
      const over = JSON.stringify(alertBody({ name: 'StockIsLow', status: 'resolved' }));
      await lark.people.says({ chat, from: FORWARDER, text: over });
      await eventually(() => colourOf(room.cards(stock)[0]) === 'green');
      expect(room.cards('StockIsLow')).toHaveLength(1);
    }));
});
