import { createCipheriv, createHash, randomBytes } from 'node:crypto';
import type { InboundMessage, InboundPress, PressAnswer } from '../../../../src/channels/channel.ts';
import { createLarkInbound } from '../../../../src/channels/lark/inbound/inbound.ts';
import type { ChatChange, LarkInboundDeps, Place } from '../../../../src/channels/lark/inbound/ports.ts';
import type { Log } from '../../../../src/telemetry/log.ts';

export const NOW = 1_790_000_000_000;
export const APP = 'cli_9f5343c580712544';
export const TOKEN = 'the-verification-token';
export const KEY = 'the-encrypt-key';
export const BOT = 'ou_bot';

export interface Said {
  readonly level: string;
  readonly action: unknown;
}

/** An inbound side with everything behind it in memory. */
export function createWorld(more: Partial<LarkInboundDeps> = {}) {
  const received: (InboundMessage | InboundPress)[] = [];
  const chats: (ChatChange & { readonly what: 'added' | 'removed' })[] = [];
  const refused: Record<string, number> = {};
  const logged: Said[] = [];
  const places = new Map<string, Place>();
  const incidents = new Map<string, Place>();
  const answer: { now: PressAnswer } = { now: { toast: { tone: 'ok', text: 'Yours now' } } };
  const level =
    (name: string) =>
    (facts: { action?: unknown }): void =>
      void logged.push({ level: name, action: facts.action });
  const log = Object.fromEntries(['debug', 'info', 'warn', 'error'].map((name) => [name, level(name)]));
  const count = ({ route, reason }: Record<string, string>): void => {
    refused[`${route} ${reason}`] = (refused[`${route} ${reason}`] ?? 0) + 1;
  };
  const inbound = createLarkInbound({
    appId: APP,
    encryptKey: KEY,
    verificationToken: TOKEN,
    receive: {
      message: async (message) => void received.push(message),
      press: async (press) => {
        received.push(press);
        return answer.now;
      },
    },
    bot: () => ({ openId: BOT, names: ['zhiban', '值班', 'IncidentBot'] }),
    places: { ofMessage: async (ref) => places.get(ref), ofIncident: async (id) => incidents.get(id) },
    chats: {
      added: async (change) => void chats.push({ what: 'added', ...change }),
      removed: async (change) => void chats.push({ what: 'removed', ...change }),
    },
    alertBotIds: [],
    reactions: { OnIt: 'ack', DONE: 'resolve' },
    clickAnswer: 'card',
    renderCard: ({ title }) => ({ schema: '2.0', title }),
    locale: 'en-US',
    clock: { now: () => NOW },
    log: log as unknown as Log,
    metrics: { requestsRefused: { inc: count } } as unknown as LarkInboundDeps['metrics'],
    ...more,
  });
  return { inbound, received, chats, refused, logged, places, incidents, answer };
}

/** Without an Encrypt Key: what tests of decoding speak. */
export const createPlainWorld = (more: Partial<LarkInboundDeps> = {}) =>
  createWorld({ encryptKey: undefined, ...more });

export const bytes = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));

export function encrypted(value: unknown, key = KEY): Buffer {
  const iv = randomBytes(16);
  const cipher = createCipheriv('aes-256-cbc', createHash('sha256').update(key).digest(), iv);
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return bytes({ encrypt: Buffer.concat([iv, cipher.update(text), cipher.final()]).toString('base64') });
}

interface Signing {
  readonly algorithm?: 'sha256' | 'sha1';
  readonly secret?: string;
  readonly timestamp?: string;
}

/** The platform's three headers over these bytes; the event form unless told otherwise. */
export function signed(
  raw: Buffer,
  { algorithm = 'sha256', secret = KEY, timestamp = String(NOW / 1000) }: Signing = {},
) {
  const nonce = 'n-1';
  const signature = createHash(algorithm)
    .update(timestamp + nonce + secret)
    .update(raw)
    .digest('hex');
  return {
    'x-lark-request-timestamp': timestamp,
    'x-lark-request-nonce': nonce,
    'x-lark-signature': signature,
  };
}

export const clickSigned = (raw: Buffer, timestamp?: string) =>
  signed(raw, { algorithm: 'sha1', secret: TOKEN, ...(timestamp !== undefined && { timestamp }) });

export const envelope = (type: string, event: object, header: object = {}) => ({
  schema: '2.0',
  header: { event_id: 'ev-1', event_type: type, token: TOKEN, app_id: APP, tenant_key: 't', ...header },
  event,
});

export const messageEvent = (message: object = {}, sender: object = {}) =>
  envelope('im.message.receive_v1', {
    sender: { sender_id: { open_id: 'ou_anna' }, sender_type: 'user', ...sender },
    message: {
      message_id: 'om_1',
      chat_id: 'oc_1',
      chat_type: 'group',
      message_type: 'text',
      content: JSON.stringify({ text: '@_user_1 ack INC-20261122-003' }),
      mentions: [{ key: '@_user_1', id: { open_id: BOT }, mentioned_type: 'bot', name: 'IncidentBot' }],
      ...message,
    },
  });

export const clickEvent = (action: object = {}, more: object = {}) =>
  envelope('card.action.trigger', {
    operator: { open_id: 'ou_anna', user_id: 'u1' },
    token: 'c-1',
    action: { value: { action: 'ack', incident_id: 'INC-20261122-003', rev: 7 }, tag: 'button', ...action },
    context: { open_message_id: 'om_card', open_chat_id: 'oc_1' },
    ...more,
  });

export const legacyClick = (more: object = {}) => ({
  action: { value: { action: 'confirm_diagnosis', incident_id: 'INC-20261122-003' }, tag: 'button' },
  open_id: 'ou_anna',
  token: 'c-9',
  ...more,
});
