import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type LarkApi, createLarkApi } from '../../../src/channels/lark/api.ts';
import { LarkRefusal } from '../../../src/channels/lark/wire.ts';
import { ContentRefused, MessageGone, PlatformUnavailable, RateLimited } from '../../../src/errors.ts';
import { createLog } from '../../../src/telemetry/log.ts';
import { type SmallPlatform, no, ok, openSmallPlatform } from './small-platform.ts';

const SECRET = 'app-secret-that-nobody-may-read';
const signal = () => new AbortController().signal;
const to = { idType: 'chat_id', id: 'oc_room', uuid: 'u1' } as const;
const content = { type: 'interactive', content: { schema: '2.0', said: 'body-nobody-may-read' } } as const;

let platform: SmallPlatform;
let lines: string[];
let api: LarkApi;
let counted: number;
let closed: boolean;
const withDomain = (domain: string, fetchTimeoutMs = 2000): LarkApi =>
  createLarkApi({
    appId: 'cli_0123456789abcdef',
    appSecret: SECRET,
    domain,
    fetchTimeoutMs,
    // Nothing is masked by value here: the channel must not rely on that.
    log: createLog('trace', [], { write: (line: string) => void lines.push(line) }),
    clock: { now: () => Date.now() },
    random: () => 0,
    meter: { count: () => void counted++ },
    allowance: {
      through: async (verb, call) => {
        if (closed) throw new LarkRefusal('no calls left', 429, 99991403, 7000);
        return call().catch((error: unknown) => {
          lines.push(`${verb}: ${error instanceof LarkRefusal ? error.platformCode : 0}`);
          throw error;
        });
      },
    },
  });

beforeEach(async () => {
  platform = await openSmallPlatform();
  lines = [];
  counted = 0;
  closed = false;
  api = withDomain(platform.url);
});
afterEach(() => platform.close());

describe('a call', () => {
  it('posts the content as a string of JSON, under its uuid, with the app’s token', async () => {
    expect(await api.createMessage(to, content, signal())).toEqual({ messageId: 'om_1', chatId: 'oc_room' });
    const [asked] = platform.askedFor('/im/v1/messages');
    expect(asked?.query.get('receive_id_type')).toBe('chat_id');
    expect(asked?.headers.authorization).toBe('Bearer t-secret1aaaa');
    expect(asked?.body).toEqual({
      receive_id: 'oc_room',
      uuid: 'u1',
      msg_type: 'interactive',
      content: JSON.stringify(content.content),
    });
  });

  it('asks for one token, however many begin at once', async () => {
    await Promise.all(
      Array.from({ length: 5 }, (_, at) => api.createMessage({ ...to, uuid: `u${at}` }, content, signal())),
    );
    expect(platform.askedFor('/internal')).toHaveLength(1);
    expect(platform.posted()).toHaveLength(5);
    expect(counted).toBe(6);
  });

  it.each([
    [99991663, 400],
    [99991663, 200],
    [99991664, 400],
    [99991664, 200],
  ])('with a token that is dead (%s, HTTP %s) is made once more with a new one', async (code, status) => {
    platform.answerNext('/im/v1/messages', no(code, 'Invalid access token', status));
    expect(await api.createMessage(to, content, signal())).toMatchObject({ messageId: 'om_1' });
    expect(platform.askedFor('/im/v1/messages').map(({ headers }) => headers.authorization)).toEqual([
      'Bearer t-secret1aaaa',
      'Bearer t-secret2aaaa',
    ]);
  });

  it('is made no third time when the new token is dead as well', async () => {
    platform.answerWith(({ path }) => (path.endsWith('/messages') ? no(99991663, 'Invalid access token') : undefined));
    await expect(api.createMessage(to, content, signal())).rejects.toMatchObject({
      code: 'platform_unavailable',
      outcomeUnknown: false,
    });
    expect(platform.askedFor('/im/v1/messages')).toHaveLength(2);
  });

  it('of many whose token died asks for one new token', async () => {
    await api.getBotInfo(signal());
    platform.answerWith(({ headers }) =>
      headers.authorization === 'Bearer t-secret1aaaa' ? no(99991663, 'Invalid access token') : undefined,
    );
    await Promise.all(
      Array.from({ length: 10 }, (_, at) => api.createMessage({ ...to, uuid: `u${at}` }, content, signal())),
    );
    expect(platform.askedFor('/internal')).toHaveLength(2);
    expect(platform.posted()).toHaveLength(10);
  });

  it('of several apps in one process never takes the other’s token', async () => {
    const other = await openSmallPlatform();
    try {
      await api.getBotInfo(signal());
      await withDomain(other.url).getBotInfo(signal());
      expect(other.askedFor('/internal')).toHaveLength(1);
    } finally {
      await other.close();
    }
  });

  it('that must wait says for how long', async () => {
    platform.answerNext(
      '/messages',
      no(99991400, 'request trigger frequency limit', 429, { 'x-ogw-ratelimit-reset': '3' }),
    );
    const error: unknown = await api.createMessage(to, content, signal()).catch((err: unknown) => err);
    expect(error).toBeInstanceOf(RateLimited);
    expect(error).toMatchObject({ retry: { afterMs: 3000 }, concerns: 'app' });
  });

  it('that the month’s allowance forbids says so, and does not leave while that is known', async () => {
    platform.answerNext('/messages', no(99991403, 'This month’s API call quota has been exceeded.'));
    await expect(api.createMessage(to, content, signal())).rejects.toThrow(/99991403.*quota/u);
    expect(lines).toContain('post: 99991403');
    closed = true;
    const asked = platform.asked.length;
    const error: unknown = await api.createMessage(to, content, signal()).catch((err: unknown) => err);
    expect(error).toMatchObject({ code: 'rate_limited', retry: { afterMs: 7000 }, concerns: 'target' });
    expect(platform.asked).toHaveLength(asked);
  });

  it('that is not answered in time may have been carried out', async () => {
    const hasty = withDomain(platform.url, 100);
    // Who is known has its token; to be in time with that, it may try again.
    await vi.waitFor(() => hasty.getBotInfo(signal()), { timeout: 20_000 });
    platform.answerNext('/messages', 'hang');
    await expect(hasty.createMessage(to, content, signal())).rejects.toMatchObject({ outcomeUnknown: true });
  });

  it('that its caller ends stops', async () => {
    await api.getBotInfo(signal());
    platform.answerNext('/messages', 'hang');
    const caller = new AbortController();
    const failed = api.createMessage(to, content, caller.signal).catch((err: unknown) => err);
    await expect.poll(() => platform.askedFor('/messages')).toHaveLength(1);
    caller.abort();
    expect(await failed).toMatchObject({ code: 'platform_unavailable', outcomeUnknown: true });
  });

  it('that was ended while it waited for a token has not been made', async () => {
    platform.answerNext('/internal', 'hang');
    const caller = new AbortController();
    const failed = api.createMessage(to, content, caller.signal).catch((err: unknown) => err);
    await expect.poll(() => platform.askedFor('/internal')).toHaveLength(1);
    caller.abort();
    expect(await failed).toMatchObject({ outcomeUnknown: false });
    expect(platform.askedFor('/messages')).toHaveLength(0);
  });

  it('whose connection breaks after the post finds its message again by its uuid', async () => {
    await api.getBotInfo(signal());
    platform.answerNext('/messages', 'reset');
    await expect(api.createMessage(to, content, signal())).rejects.toMatchObject({ outcomeUnknown: true });
    expect(await api.createMessage(to, content, signal())).toMatchObject({ messageId: 'om_1' });
    expect(platform.posted()).toHaveLength(1);
  });

  it('to where nobody listens has not happened', async () => {
    const elsewhere = await openSmallPlatform();
    await elsewhere.close();
    await expect(withDomain(elsewhere.url).getBotInfo(signal())).rejects.toMatchObject({ outcomeUnknown: false });
  });

  it('follows no redirect', async () => {
    const other = await openSmallPlatform();
    try {
      const headers = { location: `${other.url}/open-apis/bot/v3/info` };
      platform.answerNext('/info', { status: 302, headers, body: '' });
      await expect(api.getBotInfo(signal())).rejects.toThrow(PlatformUnavailable);
      expect(other.asked).toHaveLength(0);
    } finally {
      await other.close();
    }
  });

  it('goes past a proxy of the environment when the platform is on this machine', async () => {
    const before = process.env['HTTP_PROXY'];
    process.env['HTTP_PROXY'] = 'http://127.0.0.1:9';
    try {
      await expect(api.getBotInfo(signal())).resolves.toMatchObject({ openId: 'ou_bot' });
    } finally {
      if (before === undefined) delete process.env['HTTP_PROXY'];
      else process.env['HTTP_PROXY'] = before;
    }
  });
});

describe('the calls', () => {
  it('reply in the thread', async () => {
    await api.createMessage(to, content, signal());
    await api.replyMessage({ messageId: 'om_1', inThread: true, uuid: 'u2' }, content, signal());
    expect(platform.askedFor('/om_1/reply')[0]?.body).toMatchObject({ reply_in_thread: true, uuid: 'u2' });
  });

  it('edit a card with PATCH, and know a withdrawn one', async () => {
    await api.createMessage(to, content, signal());
    await api.patchCard('om_1', { schema: '2.0' }, signal());
    expect(platform.askedFor('/om_1')).toMatchObject([{ method: 'PATCH', body: { content: '{"schema":"2.0"}' } }]);
    await expect(api.patchCard('om_9', {}, signal())).rejects.toThrow(MessageGone);
  });

  it('cannot be led to another path by an id', async () => {
    await expect(api.patchCard('om_1/../../x?y', {}, signal())).rejects.toThrow(MessageGone);
    expect(platform.asked.at(-1)?.path).toBe('/open-apis/im/v1/messages/om_1%2F..%2F..%2Fx%3Fy');
  });

  it('buzz people and tell whom the platform refused', async () => {
    await api.createMessage(to, content, signal());
    platform.answerNext('/urgent_app', ok({ invalid_user_id_list: ['ou_2'] }));
    expect(await api.urgent('om_1', 'app', ['ou_1', 'ou_2'], signal())).toEqual(['ou_2']);
    const asked = platform.askedFor('/urgent_app')[0];
    expect(asked?.body).toEqual({ user_id_list: ['ou_1', 'ou_2'] });
    expect(asked?.query.get('user_id_type')).toBe('open_id');
    expect(await api.urgent('om_1', 'sms', ['ou_1'], signal())).toEqual([]);
  });

  it('tell who the bot is', async () => {
    expect(await api.getBotInfo(signal())).toEqual({ openId: 'ou_bot', name: 'Zhiban' });
  });

  it('list every page of chats and members', async () => {
    platform.answerWith(({ path, query }) => {
      const second = query.get('page_token') === 'p2';
      if (path.endsWith('/chats'))
        return second
          ? ok({ items: [{ chat_id: 'oc_2', name: 'B' }], has_more: false, page_token: '' })
          : ok({ items: [{ chat_id: 'oc_1', name: 'A', avatar: 'x' }], has_more: true, page_token: 'p2' });
      if (path.endsWith('/chats/oc_1/members'))
        return ok({ items: [{ member_id: 'ou_1', name: 'Anna', member_id_type: 'open_id' }], has_more: false });
      return undefined;
    });
    expect(await api.listChats(signal())).toEqual([
      { chatId: 'oc_1', name: 'A' },
      { chatId: 'oc_2', name: 'B' },
    ]);
    expect(await api.chatMembers('oc_1', signal())).toEqual([{ openId: 'ou_1', name: 'Anna' }]);
    platform.answerNext('/chats', ok({}));
    expect(await api.listChats(signal())).toEqual([]);
  });

  it('take a success without a message id for one that may have posted', async () => {
    platform.answerNext('/messages', ok({}));
    await expect(api.createMessage(to, content, signal())).rejects.toMatchObject({ outcomeUnknown: true });
  });
});

describe('no secret', () => {
  const everywhere = (errors: readonly unknown[]): string =>
    [...lines, ...errors.map((error) => inspect(error, { depth: 10, showHidden: true }))].join('\n');
  const failed = async (calling: Promise<unknown>): Promise<unknown> =>
    calling.then(
      () => {
        throw new Error('it should have failed');
      },
      (error: unknown) => error,
    );

  it('is in a log line or an error, however the platform fails', async () => {
    const errors: unknown[] = [];
    const trying = async (...answers: Parameters<SmallPlatform['answerNext']> | []) => {
      const [end, ...rest] = answers;
      if (end !== undefined) platform.answerNext(end, ...rest);
      errors.push(await failed(withDomain(platform.url, 150).createMessage(to, content, signal())));
    };
    await trying('/internal', no(10014, `app secret ${SECRET} invalid`, 200));
    await trying('/internal', no(10014, `app_secret: "${SECRET}"`));
    await trying('/internal', 'reset');
    await trying('/internal', 'hang');
    await trying('/internal', { status: 502, body: SECRET });
    await trying('/messages', no(230099, 'token t-secret1aaaa, Authorization: Bearer t-secret1aaaa'));
    await trying('/messages', no(99991663, 't-secret1aaaa'), no(99991663, 't-secret1aaaa'));
    await trying('/messages', 'reset');
    await trying('/messages', 'hang');
    await trying('/messages', { status: 500, body: 'Bearer t-secret1aaaa' });
    await platform.close();
    await trying();
    const told = everywhere(errors);
    expect(told).not.toContain(SECRET);
    expect(told).not.toMatch(/t-secret/u);
    expect(told).not.toContain('body-nobody-may-read');
    expect(told).toContain('10014');
    platform = await openSmallPlatform();
  });

  it('goes out, while the platform’s own words do', async () => {
    platform.answerNext('/messages', no(230028, 'The messages do NOT pass the audit.'));
    const error = await failed(api.createMessage(to, content, signal()));
    expect(error).toBeInstanceOf(ContentRefused);
    expect(String(error)).toContain('The messages do NOT pass the audit. (log id log-1)');
  });
});
