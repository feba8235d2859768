import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encrypt, signEvent, signLegacy } from '../simulators/lark/crypto.ts';
import { type Envelope, envelope } from '../simulators/lark/envelopes.ts';
import { eventually } from '../support/lark-app.ts';
import { ENCRYPT_KEY } from '../support/lark-environment.ts';
import { type LarkRoom, hurry, openLarkRoom } from '../support/lark-room.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

let room: LarkRoom;
let incident = '';
let messageId = '';

beforeAll(async () => {
  room = await openLarkRoom({ mode: 'webhook', locale: 'en-US' });
  [incident = ''] = await room.under.alert({ name: 'DiskFull', labels: { severity: 'warning' } });
  const calm = hurry(room.lark, 10);
  messageId = (await room.card(incident, 'Diagnosed')).id;
  calm();
});
afterAll(() => room.close());

/** A request as the platform would make it, of which a forger changes something. */
interface Wire {
  readonly path: '/lark/event' | '/lark/card/action';
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

const nonce = 'n1';
const seconds = (at = room.lark.clock.now()): string => `${Math.floor(at / 1000)}`;
const sealed = (payload: unknown, key = ENCRYPT_KEY): string =>
  JSON.stringify({ encrypt: encrypt(key, JSON.stringify(payload)) });

function signed(path: Wire['path'], body: string, timestamp = seconds(), key = ENCRYPT_KEY): Wire {
  const signature = signEvent(timestamp, nonce, key, body);
  return { path, body, headers: headersOf(timestamp, signature) };
}

const headersOf = (timestamp: string, signature: string) => ({
  'x-lark-request-timestamp': timestamp,
  'x-lark-request-nonce': nonce,
  'x-lark-signature': signature,
});

/** Li presses Acknowledge. */
const click = (changes: Partial<Envelope['header']> = {}): Envelope => {
  const { lark, li, chat } = room;
  const made = envelope(lark.envelopes, 'card.action.trigger', {
    operator: { open_id: li.openId, user_id: li.userId, union_id: li.unionId },
    token: 'c-1',
    action: { tag: 'button', value: { action: 'ack', incident_id: incident } },
    host: 'im_message',
    context: { open_message_id: messageId, open_chat_id: chat.id },
  });
  return { ...made, header: { ...made.header, ...changes } };
};

/** Li asks for the incident to be resolved. */
const words = (changes: Partial<Envelope['header']> = {}): Envelope => {
  const { lark, li, chat } = room;
  const made = envelope(lark.envelopes, 'im.message.receive_v1', {
    sender: { sender_id: { open_id: li.openId }, sender_type: 'user' },
    message: {
      message_id: `om_${Math.random()}`,
      chat_id: chat.id,
      chat_type: 'group',
      message_type: 'text',
      content: JSON.stringify({ text: `@_user_1 /resolve ${incident}` }),
      mentions: [{ key: '@_user_1', id: { open_id: lark.app.openId }, mentioned_type: 'bot', name: 'Zhiban' }],
    },
  });
  return { ...made, header: { ...made.header, ...changes } };
};

const legacy = (timestamp = seconds(), token = room.lark.verificationToken): Wire => {
  const body = JSON.stringify({
    open_id: room.li.openId,
    open_message_id: messageId,
    token: 'c-2',
    action: { value: { action: 'ack', incident_id: incident }, tag: 'button' },
  });
  return { path: '/lark/card/action', body, headers: headersOf(timestamp, signLegacy(timestamp, nonce, token, body)) };
};

async function send({ path, body, headers }: Wire): Promise<{ readonly status: number; readonly text: string }> {
  const response = await fetch(room.under.url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json;charset=utf-8', ...headers },
    body,
  });
  return { status: response.status, text: await response.text() };
}

/** What the platform shows, whom it called, and what we remember: none of it may change. */
async function ledger(): Promise<object> {
  const { lark, under, chat } = room;
  const read = async (path: string): Promise<unknown> => (await fetch(`${under.url}/api/v1${path}`)).json();
  const { data: audit } = (await read('/audit')) as { data: object };
  const { data: found } = (await read(`/incidents/${incident}`)) as { data: object };
  return {
    messages: lark.messages(chat.id),
    notifications: lark.world.notifications.length,
    calls: lark.calls.filter(({ method }) => method !== 'GET').length,
    audit,
    found,
  };
}

const refusals = async (): Promise<ReadonlyMap<string, number>> => {
  const page = await (await fetch(`${room.under.url}/metrics`)).text();
  const lines = [...page.matchAll(/^zhiban_requests_refused_total\{(.*)\} (\d+)$/gmu)];
  return new Map(lines.map(([, labels = '', value]) => [labels, Number(value)]));
};

const EVENT = '/lark/event';
const CARD = '/lark/card/action';
const withoutSignature = ({ path, body, headers }: Wire): Wire => {
  const { 'x-lark-signature': _, ...rest } = headers;
  return { path, body, headers: rest };
};

const FORGED: readonly (readonly [string, () => Wire, number, string])[] = [
  ['an event in clear although a key is set', () => signed(EVENT, JSON.stringify(words())), 401, 'not_encrypted'],
  ['an unsigned event', () => withoutSignature(signed(EVENT, sealed(words()))), 401, 'unsigned'],
  ['an unsigned click', () => withoutSignature(signed(CARD, sealed(click()))), 401, 'unsigned'],
  ['a click signed with another key', () => signed(CARD, sealed(click()), seconds(), 'guess'), 401, 'wrong_signature'],
  ['a click sealed with another key', () => signed(CARD, sealed(click(), 'guess')), 400, 'malformed'],
  [
    'a signature of other bytes',
    () => ({ ...signed(CARD, sealed(click())), body: `${sealed(click())} ` }),
    401,
    'wrong_signature',
  ],
  ['a body that ends in the middle', () => signed(EVENT, sealed(words()).slice(0, -20)), 400, 'malformed'],
  [
    'an event for another app',
    () => signed(EVENT, sealed(words({ app_id: 'cli_0000000000000bad' }))),
    401,
    'wrong_app',
  ],
  ['an event with another token', () => signed(EVENT, sealed(words({ token: 'guess' }))), 401, 'wrong_token'],
  [
    'an event of more than 8 hours ago',
    () => signed(EVENT, sealed(words()), seconds(room.lark.clock.now() - 8 * HOUR - MINUTE)),
    401,
    'stale',
  ],
  [
    'a click from the future',
    () => signed(CARD, sealed(click()), seconds(room.lark.clock.now() + 6 * MINUTE)),
    401,
    'stale',
  ],
  ['a legacy click at the address of events', () => ({ ...legacy(), path: EVENT }), 401, 'wrong_address'],
  ['a legacy click signed with another token', () => legacy(seconds(), 'guess'), 401, 'wrong_signature'],
  ['a legacy click without a signature', () => withoutSignature(legacy()), 401, 'unsigned'],
  [
    'a legacy click that pretends to have an envelope',
    () => ({ ...legacy(), body: legacy().body.replace('{', '{"schema":"2.0",') }),
    401,
    'not_encrypted',
  ],
  [
    'a challenge in clear',
    () => ({ path: EVENT, body: '{"type":"url_verification","challenge":"x","token":"guess"}', headers: {} }),
    401,
    'not_encrypted',
  ],
  ['nothing at all', () => ({ path: CARD, body: '', headers: {} }), 400, 'malformed'],
];

describe('a stranger at the two addresses', () => {
  it.each(FORGED)('%s is refused, changes nothing and is counted', async (_, wire, status, reason) => {
    const [before, counted] = [await ledger(), await refusals()];
    const made = wire();
    const answer = await send(made);
    expect(answer).toMatchObject({ status });
    expect(answer.text).not.toContain(ENCRYPT_KEY);
    expect(await ledger()).toEqual(before);
    const door = made.path === EVENT ? 'lark_event' : 'lark_card';
    const label = `route="${door}",reason="${reason}"`;
    const expected = new Map([...counted, [label, (counted.get(label) ?? 0) + 1]]);
    expect(Object.fromEntries(await refusals())).toEqual(Object.fromEntries(expected));
  });
});

describe('what the platform itself says late', () => {
  it('a press of 7 h 6 min ago is taken once, and its replay does nothing', async () => {
    const wire = signed(CARD, sealed(click()), seconds(room.lark.clock.now() - 7 * HOUR - 6 * MINUTE));
    const unpressed = await ledger();
    expect(await send(wire)).toMatchObject({ status: 200 });
    await room.card(incident, 'acknowledged');
    const before = await settled();
    expect(before).not.toEqual(unpressed);
    expect(await send(wire)).toMatchObject({ status: 200 });
    expect(await settled()).toEqual(before);
  });

  it('a message that comes three times, once under a new event id, is answered once', async () => {
    const { lark, chat, li } = room;
    const heard = await lark.people.says({ chat, from: li, text: '@bot /status' });
    await lark.people.replays(heard.envelope);
    await lark.people.duplicates(heard.envelope);
    await eventually(() => room.replies(heard.message.id).length > 0);
    await settled();
    expect(room.replies(heard.message.id)).toHaveLength(1);
  });
});

/** The ledger once nothing has changed for a while. */
async function settled(): Promise<object> {
  for (let before = await ledger(); ;) {
    await new Promise((resolve) => setTimeout(resolve, 250));
    const after = await ledger();
    if (JSON.stringify(after) === JSON.stringify(before)) return after;
    before = after;
  }
}
