import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Card } from '../../../src/cards/card.ts';
import { fit } from '../../../src/cards/fit.ts';
import { pressable } from '../../../src/cards/measure.ts';
import { plainText } from '../../../src/cards/plain-text.ts';
import { stormCard } from '../../../src/cards/storm-card.ts';
import type { Channel, Message } from '../../../src/channels/channel.ts';
import { createLarkApi } from '../../../src/channels/lark/api.ts';
import { createLark } from '../../../src/channels/lark/lark.ts';
import { ContentRefused, MessageGone, RateLimited, TargetGone } from '../../../src/errors.ts';
import { createLog } from '../../../src/telemetry/log.ts';
import { EN, incident, storm } from '../../cards/sample.ts';
import { channelContract } from '../../contracts/channel.ts';
import { type SmallPlatform, no, openSmallPlatform } from './small-platform.ts';

const DAY = 24 * 60 * 60_000;
const NOW = 1_790_000_000_000;
const signal = () => new AbortController().signal;

function larkOn(platform: SmallPlatform): Channel {
  const log = createLog('silent', []);
  const clock = { now: () => NOW };
  const app = { appId: 'cli_0123456789abcdef', appSecret: 'secret', domain: platform.url };
  const api = createLarkApi({ ...app, log, clock, fetchTimeoutMs: 2000, random: () => 0 });
  // Enough of a card to see what became of it.
  const larkCard = (card: Card) => ({ schema: '2.0', text: plainText(card), card });
  return createLark({ appId: app.appId, api, larkCard, clock, log });
}

channelContract('lark', async () => {
  const platform = await openSmallPlatform();
  return {
    channel: larkOn(platform),
    address: 'oc_room',
    goneAddress: 'oc_elsewhere',
    goneRef: 'om_gone',
    person: { id: 'ou_anna', name: 'Anna' },
    posted: async () =>
      platform.posted().map(({ ref, threadOf, content }) => ({
        ref,
        text: content,
        ...(threadOf !== undefined && { threadOf }),
      })),
    close: () => platform.close(),
  };
});

describe('its limits', () => {
  it('leave a storm both buttons of each of its ten incidents', async () => {
    const platform = await openSmallPlatform();
    const whole = stormCard(storm({ listed: Array.from({ length: 10 }, (_, seq) => incident({ seq })) }), EN);
    expect(pressable(fit(whole, larkOn(platform).limits))).toBe(20);
    await platform.close();
  });
});

const CARD: Card = {
  tone: 'critical',
  title: 'Call +86 138 0013 8000 or ops@corp.example about INC-20261122-001',
  tags: [{ text: 'critical', tone: 'critical' }],
  blocks: [
    { kind: 'text', text: [{ text: 'db-1 ' }, { mention: { id: 'ou_anna', name: 'Anna' } }] },
    { kind: 'section', title: 'Evidence', collapsed: true, blocks: [{ kind: 'note', text: [{ text: 'disk 98 %' }] }] },
    { kind: 'chart', title: 'Disk', series: [] },
    { kind: 'buttons', buttons: [{ text: 'Ack', style: 'primary', value: { action: 'ack', incident_id: 'I' } }] },
  ],
  incidentId: 'I',
  rev: 3,
};
const request = { key: 'key-1', address: 'oc_room', locale: 'en-US', card: CARD, changes: [] } as const;
const message: Message = {
  key: 'message-1',
  address: 'oc_room',
  locale: 'zh-CN',
  content: { kind: 'text', text: [{ text: '已恢复', style: 'bold' }, { text: ' INC-1' }] },
  mentions: [{ id: 'ou_anna', name: 'Anna' }],
};

let platform: SmallPlatform;
let lark: Channel;
beforeEach(async () => {
  platform = await openSmallPlatform();
  lark = larkOn(platform);
});
afterEach(() => platform.close());
const cards = () => platform.posted().map(({ content }) => (JSON.parse(content) as { card: Card }).card);
const refusal = (errCode: number, msg = 'refused') =>
  no(230099, `Failed to create card content, ext=ErrCode: ${errCode}; ErrMsg: ${msg}`);

describe('a card', () => {
  it('can be edited for fourteen days after its post, not after its last edit', async () => {
    const shown = await lark.show(request, signal());
    expect(shown).toEqual({ ref: 'om_1', editableUntil: NOW + 14 * DAY });
    const previous = { ...shown, editableUntil: 17 };
    expect(await lark.show({ ...request, previous }, signal())).toEqual(previous);
    expect(lark.editing).toEqual({ windowMs: 14 * DAY });
  });

  it('is posted to a person by the person’s id', async () => {
    await lark.show({ ...request, address: 'ou_anna' }, signal());
    expect(platform.askedFor('/messages')[0]?.query.get('receive_id_type')).toBe('open_id');
  });

  it.each(['', 'room', 'on_anna', 'oc_a/../b', 'ou_', 'oc_a?x=1'])('is not posted to "%s"', async (address) => {
    await expect(lark.show({ ...request, address }, signal())).rejects.toThrow(TargetGone);
    expect(platform.asked).toHaveLength(0);
  });

  it('has an id of its own for each key, of at most fifty characters', async () => {
    await lark.show({ ...request, key: 'k'.repeat(300) }, signal());
    await lark.show({ ...request, key: `${'k'.repeat(300)}2` }, signal());
    const uuids = platform.askedFor('/messages').map(({ body }) => String(body['uuid']));
    expect(new Set(uuids).size).toBe(2);
    for (const uuid of uuids) expect(uuid).toMatch(/^[\w-]{20,50}$/u);
  });

  it('that is locked by a press is tried again soon', async () => {
    const previous = await lark.show(request, signal());
    platform.answerNext('/om_1', refusal(11310, 'card action is lock'));
    const error: unknown = await lark.show({ ...request, previous }, signal()).catch((err: unknown) => err);
    expect(error).toBeInstanceOf(RateLimited);
    expect(error).toMatchObject({ retry: { afterMs: 1000 }, concerns: 'target' });
  });

  it.each([230011, 230031])('that can no longer be edited (%s) is issued anew', async (code) => {
    const previous = await lark.show(request, signal());
    platform.answerNext('/om_1', no(code, 'gone'));
    await expect(lark.show({ ...request, previous }, signal())).rejects.toThrow(MessageGone);
  });
});

describe('a card that the platform refuses', () => {
  it('is shown without people, pictures and folds', async () => {
    platform.answerNext('/messages', refusal(100290, 'invalid person id'));
    await lark.show(request, signal());
    const [shown] = cards();
    expect(shown?.blocks.map(({ kind }) => kind)).toEqual(['text', 'note', 'note', 'buttons']);
    expect(JSON.stringify(shown)).not.toContain('ou_anna');
    expect(JSON.stringify(shown)).toContain('@Anna');
  });

  it('twice is shown as what happened and what can be done, without numbers and addresses of people', async () => {
    platform.answerNext('/messages', no(230028, 'audit'), no(230028, 'audit'));
    await lark.show(request, signal());
    expect(cards()).toMatchObject([{ title: 'Call … or … about INC-20261122-001', incidentId: 'I', rev: 3 }]);
    expect(cards()[0]?.blocks.map(({ kind }) => kind)).toEqual(['buttons']);
  });

  it('is shown plainer in an edit too', async () => {
    const previous = await lark.show(request, signal());
    platform.answerNext('/om_1', refusal(200550, 'bad chart'));
    await lark.show({ ...request, previous }, signal());
    expect(cards()[0]?.blocks.map(({ kind }) => kind)).not.toContain('chart');
  });

  it('in every form is refused, once and for all', async () => {
    platform.answerWith(({ path }) => (path.endsWith('/messages') ? refusal(200621, 'bad JSON') : undefined));
    await expect(lark.show(request, signal())).rejects.toThrow(ContentRefused);
    expect(platform.askedFor('/messages')).toHaveLength(3);
  });

  it('is posted once, also when a retry walks the same way down', async () => {
    platform.answerNext('/messages', refusal(100290));
    const first = await lark.show(request, signal());
    platform.answerNext('/messages', refusal(100290));
    expect((await lark.show(request, signal())).ref).toBe(first.ref);
    expect(platform.posted()).toHaveLength(1);
  });
});

describe('a message', () => {
  const content = () => JSON.parse(platform.posted().at(-1)?.content ?? '{}') as Record<string, { content: unknown }>;

  it('calls people by id, in the reader’s language', async () => {
    await lark.send(message, signal());
    expect(platform.askedFor('/messages')[0]?.body['msg_type']).toBe('post');
    expect(content()['zh_cn']?.content).toEqual([
      [
        { tag: 'text', text: '已恢复', style: ['bold'] },
        { tag: 'text', text: ' INC-1' },
        { tag: 'text', text: ' ' },
        { tag: 'at', user_id: 'ou_anna' },
      ],
    ]);
  });

  it('calls nobody twice, and nobody by what is no id', async () => {
    const text = [{ mention: { id: 'ou_anna', name: 'Anna' } }, { mention: { id: 'all', name: 'all' } }];
    await lark.send({ ...message, content: { kind: 'text', text } }, signal());
    expect(content()['zh_cn']?.content).toEqual([
      [
        { tag: 'at', user_id: 'ou_anna' },
        { tag: 'text', text: '@all' },
      ],
    ]);
  });

  it('shows markup as text, and lines as lines', async () => {
    const text = [{ text: '<at user_id="all">x</at>\nsecond' }];
    await lark.send({ ...message, mentions: [], content: { kind: 'text', text } }, signal());
    expect(content()['zh_cn']?.content).toEqual([
      [{ tag: 'text', text: '<at user_id="all">x</at>' }],
      [{ tag: 'text', text: 'second' }],
    ]);
  });

  it('is sent with names in place of mentions when the platform refuses those', async () => {
    platform.answerNext('/messages', no(230001, 'ext=invalid user id'));
    const text = [{ mention: { id: 'ou_gone', name: 'Bob' } }];
    await lark.send({ ...message, mentions: [], content: { kind: 'text', text } }, signal());
    expect(content()['zh_cn']?.content).toEqual([[{ tag: 'text', text: '@Bob' }]]);
  });

  it.each([230019, 230071, 230072])('is a plain reply where there is no thread (%s)', async (code) => {
    const { ref } = await lark.show(request, signal());
    platform.answerNext('/reply', no(code, 'no thread here'));
    await lark.send({ ...message, replyTo: ref }, signal());
    expect(platform.askedFor('/reply').map(({ body }) => body['reply_in_thread'])).toEqual([true, false]);
    expect(platform.posted()).toHaveLength(2);
  });

  it('below a card that was withdrawn says so', async () => {
    await expect(lark.send({ ...message, replyTo: 'om_gone' }, signal())).rejects.toThrow(MessageGone);
  });

  it('that is a card calls people at its top', async () => {
    await lark.send({ ...message, content: { kind: 'card', card: CARD } }, signal());
    expect(cards()[0]?.blocks[0]).toEqual({ kind: 'text', text: [{ mention: { id: 'ou_anna', name: 'Anna' } }] });
  });
});

describe('paces', () => {
  it('stay below what a group and an app may take', () => {
    const { pacing, appPacing } = lark;
    expect(pacing.burst + pacing.perMinute / 60).toBeLessThan(5);
    expect(appPacing?.key).toBe('lark:cli_0123456789abcdef');
    expect((appPacing?.burst ?? 99) + (appPacing?.perSecond ?? 99)).toBeLessThan(50);
    expect((appPacing?.burst ?? 99) + 60 * (appPacing?.perSecond ?? 99)).toBeLessThan(1000);
  });
});
