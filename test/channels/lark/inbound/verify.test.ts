import { describe, expect, it } from 'vitest';
import type { LarkInboundDeps } from '../../../../src/channels/lark/inbound/ports.ts';
import {
  NOW,
  TOKEN,
  bytes,
  clickEvent,
  clickSigned,
  createWorld,
  encrypted,
  envelope,
  legacyClick,
  messageEvent,
  signed,
} from './world.ts';

type Headers = Record<string, string>;

/** One request at one address, and what came of it. */
async function request(
  raw: Buffer,
  headers: Headers,
  options: Partial<LarkInboundDeps> = {},
  door: 'event' | 'card' = 'event',
) {
  const world = createWorld(options);
  const { status, body } = await (door === 'event' ? world.inbound.event : world.inbound.cardAction)(raw, headers);
  return { ...world, status, body };
}

/** Refused under this reason, counted once, nothing handed on. */
async function refusal(
  raw: Buffer,
  headers: Headers,
  options: Partial<LarkInboundDeps> = {},
  door: 'event' | 'card' = 'event',
) {
  const { status, body, refused, received, chats } = await request(raw, headers, options, door);
  expect(received).toEqual([]);
  expect(chats).toEqual([]);
  expect(Object.values(refused)).toEqual([1]);
  expect(body).toMatchObject({ code: status, data: {} });
  return `${status} ${Object.keys(refused).join()}`;
}

const hours = (n: number): string => String(Math.round(NOW / 1000 + n * 3600));
const message = encrypted(messageEvent());
const plainKeyless = { encryptKey: undefined };

describe('an encrypted and signed event', () => {
  it('is taken', async () => {
    const { status, body, received, refused } = await request(message, signed(message));
    expect([status, body]).toEqual([200, {}]);
    expect(received).toHaveLength(1);
    expect(refused).toEqual({});
  });

  it('is proven by its bytes, whatever white space they hold', async () => {
    const raw = Buffer.from(JSON.stringify(JSON.parse(message.toString()), null, 3));
    expect((await request(raw, signed(raw))).received).toHaveLength(1);
    expect(await refusal(raw, signed(message))).toBe('401 lark_event wrong_signature');
  });

  it.each([
    ['of 7 h 59 min ago', hours(-7.99), 200],
    ['of 8 h 1 min ago', hours(-8.02), 401],
    ['of 4 min from now', hours(0.07), 200],
    ['of 6 min from now', hours(0.1), 401],
    ['in milliseconds', String(NOW), 200],
    ['in microseconds', String(NOW * 1000), 200],
    ['that is none', 'yesterday', 401],
  ])('with a timestamp %s', async (_, timestamp, expected) => {
    const { status, refused, received } = await request(message, signed(message, { timestamp }));
    expect(status).toBe(expected);
    expect(received).toHaveLength(expected === 200 ? 1 : 0);
    expect(refused).toEqual(expected === 200 ? {} : { 'lark_event stale': 1 });
  });

  it('is refused when it is unsigned, forged, under another key, plain, or for another app', async () => {
    expect(await refusal(message, {})).toBe('401 lark_event unsigned');
    const { 'x-lark-request-timestamp': timestamp } = signed(message);
    expect(await refusal(message, { 'x-lark-request-timestamp': timestamp })).toBe('401 lark_event unsigned');
    expect(await refusal(message, signed(message, { secret: 'guess' }))).toBe('401 lark_event wrong_signature');
    const other = encrypted(messageEvent(), 'guess');
    expect(await refusal(other, signed(other, { secret: 'guess' }))).toBe('401 lark_event wrong_signature');
    const plain = bytes(messageEvent());
    expect(await refusal(plain, signed(plain))).toBe('401 lark_event not_encrypted');
    const foreign = encrypted(envelope('x', {}, { app_id: 'cli_ffffffffffffffff' }));
    expect(await refusal(foreign, signed(foreign))).toBe('401 lark_event wrong_app');
    const nobodys = encrypted(envelope('x', {}, { app_id: undefined }));
    expect(await refusal(nobodys, signed(nobodys))).toBe('401 lark_event wrong_app');
  });

  it('is refused without the token, even when the signature is right', async () => {
    for (const token of ['guess', undefined, null, 7]) {
      const raw = encrypted(envelope('x', {}, { token }));
      expect(await refusal(raw, signed(raw))).toBe('401 lark_event wrong_token');
    }
  });

  it('is malformed when it is proven and cannot be read', async () => {
    for (const raw of [
      bytes({ encrypt: 'AAAA' }),
      encrypted('no json'),
      encrypted('[1]'),
      encrypted({ ...messageEvent(), event: 1 }),
    ])
      expect(await refusal(raw, signed(raw))).toBe('400 lark_event malformed');
  });

  it('tells a stranger nothing about padding: what cannot be opened is as unsigned as what can', async () => {
    const answers = [bytes({ encrypt: 'A'.repeat(64) }), encrypted('no json'), encrypted({ a: 1 })].map((raw) =>
      refusal(raw, {}),
    );
    expect(new Set(await Promise.all(answers))).toEqual(new Set(['401 lark_event unsigned']));
  });

  it('needs no token where none is configured', async () => {
    const options = { verificationToken: undefined };
    expect((await request(message, signed(message), options)).received).toHaveLength(1);
  });
});

describe('any body', () => {
  it.each([[''], ['{'], ['[]'], ['null'], ['"x"'], ['1'], [message.toString().slice(0, -5)]])(
    '%s is malformed',
    async (text) => {
      const raw = Buffer.from(text);
      expect(await refusal(raw, signed(raw))).toBe('400 lark_event malformed');
      expect(await refusal(raw, signed(raw), plainKeyless, 'card')).toBe('400 lark_card malformed');
    },
  );

  it('above 1 MiB is not read', async () => {
    const raw = Buffer.alloc(1024 ** 2 + 1, ' ');
    expect(await refusal(raw, signed(raw))).toBe('413 lark_event too_large');
  });
});

describe('a plain event, where no Encrypt Key is set', () => {
  it('is taken by its token, in both versions', async () => {
    expect((await request(bytes(messageEvent()), {}, plainKeyless)).received).toHaveLength(1);
    const event = { type: 'add_bot', open_chat_id: 'oc_1' };
    const old = { uuid: 'u-1', token: TOKEN, type: 'event_callback', event };
    expect((await request(bytes(old), {}, plainKeyless)).chats).toHaveLength(1);
  });

  it('is refused with another token, for another app, old, encrypted, or when nothing is configured', async () => {
    const forged = bytes({ ...messageEvent(), header: { ...messageEvent().header, token: 'guess' } });
    expect(await refusal(forged, {}, plainKeyless)).toBe('401 lark_event wrong_token');
    // The top-level token of version 1 proves nothing about a body of version 2.
    const mixed = bytes({ ...messageEvent(), header: { ...messageEvent().header, token: 'guess' }, token: TOKEN });
    expect(await refusal(mixed, {}, plainKeyless)).toBe('401 lark_event wrong_token');
    const old = {
      token: TOKEN,
      type: 'event_callback',
      event: { type: 'add_bot', app_id: 'cli_0', open_chat_id: 'oc_1' },
    };
    expect(await refusal(bytes(old), {}, plainKeyless)).toBe('401 lark_event wrong_app');
    const raw = bytes(messageEvent());
    expect(await refusal(raw, { 'x-lark-request-timestamp': hours(-9) }, plainKeyless)).toBe('401 lark_event stale');
    expect(await refusal(message, signed(message), plainKeyless)).toBe('401 lark_event not_configured');
    const nothing = { encryptKey: undefined, verificationToken: undefined };
    expect(await refusal(raw, {}, nothing)).toBe('401 lark_event not_configured');
  });
});

describe('the challenge', () => {
  const challenge = { challenge: 'ajls384k', token: TOKEN, type: 'url_verification' };
  const wrong = { ...challenge, token: 'guess' };

  it('is answered unsigned, for that is how it comes', async () => {
    for (const door of ['event', 'card'] as const) {
      const sealed = await request(encrypted(challenge), {}, {}, door);
      expect([sealed.status, sealed.body]).toEqual([200, { challenge: 'ajls384k' }]);
      const open = await request(bytes(challenge), {}, plainKeyless, door);
      expect([open.status, open.body]).toEqual([200, { challenge: 'ajls384k' }]);
    }
  });

  it('is refused with a wrong token, in the open where a key is set, and where no token is known', async () => {
    expect(await refusal(encrypted(wrong), {})).toBe('401 lark_event unsigned');
    const sealed = encrypted(wrong);
    expect(await refusal(sealed, signed(sealed))).toBe('401 lark_event wrong_token');
    expect(await refusal(bytes(wrong), {}, plainKeyless)).toBe('401 lark_event wrong_token');
    expect(await refusal(bytes(challenge), {})).toBe('401 lark_event not_encrypted');
    expect(await refusal(encrypted(challenge), {}, { verificationToken: undefined })).toBe('401 lark_event unsigned');
    const proven = encrypted(challenge);
    const tokenless = { verificationToken: undefined };
    expect(await refusal(proven, signed(proven), tokenless)).toBe('401 lark_event not_configured');
    expect(await refusal(bytes({ ...challenge, challenge: 7 }), {}, plainKeyless)).toBe('400 lark_event malformed');
  });
});

describe('a legacy click', () => {
  const raw = bytes(legacyClick());

  it('is proven by its own signature, whether or not there is a key, token and app unseen', async () => {
    for (const options of [{}, plainKeyless]) {
      const { status, received } = await request(raw, clickSigned(raw), options, 'card');
      expect(status).toBe(200);
      expect(received).toMatchObject([{ kind: 'press', sender: { id: 'ou_anna' } }]);
    }
  });

  it('is refused unsigned, forged, old, at the other address, and where no token is known', async () => {
    expect(await refusal(raw, {}, {}, 'card')).toBe('401 lark_card unsigned');
    expect(await refusal(raw, signed(raw), {}, 'card')).toBe('401 lark_card wrong_signature');
    expect(await refusal(bytes(legacyClick({ open_id: 'ou_eve' })), clickSigned(raw), {}, 'card')).toBe(
      '401 lark_card wrong_signature',
    );
    expect(await refusal(raw, clickSigned(raw, hours(-9)), {}, 'card')).toBe('401 lark_card stale');
    expect(await refusal(raw, clickSigned(raw), {}, 'event')).toBe('401 lark_event wrong_address');
    // Where it would otherwise pass as a plain body under the right token.
    const tokened = bytes(legacyClick({ token: TOKEN }));
    expect(await refusal(tokened, clickSigned(tokened), plainKeyless)).toBe('401 lark_event wrong_address');
    expect(await refusal(raw, clickSigned(raw), { verificationToken: undefined }, 'card')).toBe(
      '401 lark_card not_configured',
    );
  });

  it('is none with a key of the new form: no diversion around the other proof', async () => {
    for (const more of [{ schema: '2.0' }, { header: {} }, { encrypt: 'x' }, { schema: null }]) {
      const disguised = bytes(legacyClick({ ...more, token: 'c-1' }));
      const { status, received } = await request(disguised, clickSigned(disguised), plainKeyless, 'card');
      expect([status, received]).toEqual([401, []]);
    }
  });
});

describe('the long connection', () => {
  it('takes what is for our app and refuses the rest', async () => {
    const { inbound, received, refused } = createWorld();
    expect(await inbound.fromSocket(messageEvent())).toEqual({});
    expect(await inbound.fromSocket(clickEvent())).toMatchObject({ toast: { type: 'success' } });
    expect(received).toHaveLength(2);
    const foreign = messageEvent();
    await inbound.fromSocket({ ...foreign, header: { ...foreign.header, app_id: 'cli_0000000000000000' } });
    for (const payload of [undefined, 'x', {}, { event: {} }]) expect(await inbound.fromSocket(payload)).toEqual({});
    expect(received).toHaveLength(2);
    expect(refused).toEqual({ 'lark_socket wrong_app': 1, 'lark_socket malformed': 4 });
  });
});
