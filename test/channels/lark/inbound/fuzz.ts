import { expect } from 'vitest';
import {
  KEY,
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

/** The same numbers for the same seed (mulberry32). */
function createRandom(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

const EVENTS = [
  messageEvent(),
  messageEvent({ message_type: 'post', content: '{"content":[[{"tag":"at","user_id":"@_user_1"}]]}' }),
  messageEvent({ message_type: 'interactive', content: '{"elements":[[{"tag":"text","text":"x"}]]}' }),
  clickEvent({ form_value: { reason: 'x' } }),
  envelope('im.message.reaction.created_v1', { message_id: 'om_1', reaction_type: { emoji_type: 'OnIt' } }),
  envelope('im.chat.member.bot.added_v1', { chat_id: 'oc_1' }),
  {
    uuid: 'u',
    token: TOKEN,
    type: 'event_callback',
    event: { type: 'message', open_id: 'ou_1', text: '<at open_id="x">' },
  },
  { challenge: 'c', token: TOKEN, type: 'url_verification' },
  legacyClick(),
];
const ODD = [
  null,
  0,
  -1,
  1e308,
  '',
  'x',
  '__proto__',
  '\u0000',
  '\ud800',
  [],
  [[]],
  {},
  true,
  'a'.repeat(5000),
  { a: { b: {} } },
];

/**
 * `count` random and mutated requests at the two addresses, by whoever does not know the secrets and by one who does.
 * Nothing may throw or answer 5xx; what was not proven may cause nothing. Resolves with how much was proven and handed on.
 */
export async function fuzz(count: number, seed: number): Promise<number> {
  const random = createRandom(seed);
  const worlds = [
    { ...createWorld(), sealed: true },
    { ...createWorld({ encryptKey: undefined }), sealed: false },
  ];
  for (const { places } of worlds) places.set('om_1', { chat: 'lark:oc_1', incidentId: 'INC-1' });
  const pick = <T>(list: readonly T[]): T => list[random(list.length)] as T;

  /** The event with one to three values somewhere in it replaced, removed or added. */
  function mutated(value: unknown): unknown {
    const copy: unknown = structuredClone(value);
    for (let left = random(4); left > 0; left -= 1) mutate(copy);
    return copy;
  }
  function mutate(node: unknown): void {
    if (typeof node !== 'object' || node === null) return;
    const keys = Object.keys(node);
    const key = keys.length === 0 || random(8) === 0 ? pick(['token', 'schema', 'header', 'action', 'x']) : pick(keys);
    const child: unknown = Reflect.get(node, key);
    if (typeof child === 'object' && child !== null && random(4) > 0) return mutate(child);
    if (random(4) === 0) Reflect.deleteProperty(node, key);
    else Reflect.set(node, key, structuredClone(pick<unknown>(ODD)));
  }
  /** Bytes flipped, cut or repeated. */
  function damaged(raw: Buffer): Buffer {
    const copy = Buffer.from(raw);
    if (copy.length > 0) copy[random(copy.length)] = random(256);
    return random(3) === 0 ? copy.subarray(0, random(copy.length + 1)) : copy;
  }

  let taken = 0;
  for (let i = 0; i < count; i += 1) {
    const world = pick(worlds);
    const { inbound, received, chats } = world;
    const event = random(10) === 0 ? pick<unknown>(ODD) : mutated(pick<unknown>(EVENTS));
    const knows = random(2) === 0;
    // Who knows no secret may still have captured a body, and may guess.
    const isClick = typeof event === 'object' && event !== null && 'action' in event;
    // Who knows them mostly speaks as this side expects it.
    const apt = knows && random(4) > 0;
    const sealed = apt ? world.sealed && !isClick : random(2) === 0;
    const token = (body: unknown): unknown => (knows ? body : withoutToken(body));
    let raw = sealed ? encrypted(token(event), knows ? KEY : 'guess') : bytes(token(event));
    const way = apt ? (isClick ? 2 : 1) : random(4);
    const headers: Record<string, string> =
      way === 0
        ? {}
        : way === 1
          ? signed(raw, { secret: knows ? KEY : 'guess' })
          : knows
            ? clickSigned(raw)
            : signed(raw, { algorithm: 'sha1', secret: 'guess' });
    if (random(4) === 0) headers['x-lark-request-timestamp'] = pick([String(NOW), '', '1', 'x', '-1', '9'.repeat(400)]);
    if (random(4) === 0) raw = damaged(raw);
    if (random(20) === 0) raw = Buffer.from(Array.from({ length: random(200) }, () => random(256)));
    received.length = 0;
    chats.length = 0;
    // eslint-disable-next-line no-await-in-loop -- what a request caused must be told from what the next one does
    const { status, body } = await (random(2) === 0 ? inbound.event : inbound.cardAction)(raw, headers);
    if (![200, 400, 401].includes(status) || typeof body !== 'object')
      expect.fail(`${status} for ${raw.toString('latin1').slice(0, 300)} (seed ${seed}, request ${i})`);
    const caused = received.length + chats.length;
    taken += caused;
    if (caused > 0 && (!knows || status !== 200))
      expect.fail(`something happened on ${status} for ${raw.toString().slice(0, 300)} (seed ${seed}, request ${i})`);
    if (!knows && status === 200) expect.fail(`believed without proof: ${raw.toString().slice(0, 300)}`);
    await inbound.fromSocket(event);
  }
  return taken;
}

/** The right token is the secret where nothing is encrypted. */
function withoutToken(body: unknown): unknown {
  return JSON.parse((JSON.stringify(body) ?? 'null').replaceAll(TOKEN, 'guess'));
}
