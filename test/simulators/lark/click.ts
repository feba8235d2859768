import { isJson, type Json, tryParse } from './answer.ts';
import { refuseCardOf } from './content.ts';
import { DAY, type Deps, MINUTE } from './deps.ts';
import { applyContent } from './edit.ts';
import { type Envelope, envelope, type EnvelopeDeps } from './envelopes.ts';
import { makeId } from './ids.ts';
import type { Reply, Transport } from './transport.ts';
import { cardOf, type Message, type User } from './world.ts';

const CLICKABLE_FOR = 14 * DAY;

/** What the person who pressed sees: a toast, a changed card, or an error with the platform's code. */
export interface ClickOutcome {
  readonly code: number;
  readonly toast: Json | undefined;
  readonly cardChanged: boolean;
  /** The code for a delayed update, `c-…`. */
  readonly ticket: string;
  readonly eventId: string;
  readonly ms: number;
}

/** The action part of a click, as `card.action.trigger` carries it. */
export interface Press {
  readonly message: Message;
  readonly user: User;
  readonly action: Json;
}

export interface Clicks {
  press(press: Press, transport: Transport): Promise<ClickOutcome>;
  readonly tickets: Map<string, Ticket>;
}

export interface Ticket {
  readonly message: Message;
  readonly expiresAt: number;
  answered: boolean;
  usesLeft: number;
}

export function createClicks(deps: Deps, envelopes: EnvelopeDeps): Clicks {
  const tickets = new Map<string, Ticket>();
  async function press({ message, user, action }: Press, transport: Transport): Promise<ClickOutcome> {
    const ticket = makeId('c-');
    const event = clickEvent(envelopes, { message, user, action }, ticket);
    const nothing = { toast: undefined, cardChanged: false, ticket, eventId: event.header.event_id, ms: 0 };
    // The page of the card says 14 days; the client shows that the card is out of date.
    if (message.createdAt < deps.clock.now() - CLICKABLE_FOR) return { ...nothing, code: 200080 };
    const state: Ticket = { message, expiresAt: deps.clock.now() + 30 * MINUTE, answered: false, usesLeft: 2 };
    tickets.set(ticket, state);
    const started = performance.now();
    message.pendingClicks += 1;
    const reply = await transport.callback(event);
    message.pendingClicks -= 1;
    state.answered = true;
    return { ...nothing, ms: performance.now() - started, ...applyReply(deps, message, reply, transport.name) };
  }
  return { press, tickets };
}

function clickEvent(deps: EnvelopeDeps, { message, user, action }: Press, ticket: string): Envelope {
  return envelope(deps, 'card.action.trigger', {
    operator: { tenant_key: deps.world.tenantKey, user_id: user.userId, open_id: user.openId, union_id: user.unionId },
    token: ticket,
    action: { timezone: 'Asia/Shanghai', ...action },
    host: 'im_message',
    context: { open_message_id: message.id, open_chat_id: message.chatId },
  });
}

type Applied = Pick<ClickOutcome, 'code'> & Partial<Pick<ClickOutcome, 'toast' | 'cardChanged'>>;

const FAILURES = { 'no-address': 200340, timeout: 200341, unreachable: 200342, refused: 200671 } as const;

function applyReply(deps: Deps, message: Message, reply: Reply, via: Transport['name']): Applied {
  if (!reply.ok) return { code: FAILURES[reply.problem] };
  // An empty acknowledgement of a callback over the long connection is an error of its own.
  if (via === 'socket' && reply.body === undefined) return { code: 108002 };
  const body = tryParse(reply.body ?? '');
  if (!isJson(body)) return { code: 200672 };
  const unknown = Object.keys(body).some((name) => name !== 'toast' && name !== 'card');
  if (unknown) return { code: 200672 };
  const toast = body['toast'];
  if (toast !== undefined && !isToast(toast)) return { code: 200672 };
  const shown = toast === undefined ? {} : { toast: toast as Json };
  return body['card'] === undefined ? { code: 0, ...shown } : { ...shown, ...applyCard(deps, message, body['card']) };
}

const isToast = (toast: unknown): boolean =>
  isJson(toast) &&
  ['info', 'success', 'error', 'warning'].includes(String(toast['type'])) &&
  typeof toast['content'] === 'string';

/** The answer's card replaces the one that was pressed, for everybody. */
export function applyCard(deps: Deps, message: Message, card: unknown): Applied {
  if (!isJson(card) || card['type'] !== 'raw' || !isJson(card['data'])) return { code: 200673 };
  const data = card['data'];
  if (cardOf(message)?.['schema'] === '2.0' && data['schema'] !== '2.0') return { code: 200830 };
  const chat = deps.world.chats.get(message.chatId);
  const content = JSON.stringify(data);
  if (refuseCardOf(deps.world, chat, data) || Buffer.byteLength(content) > 30 * 1024) return { code: 200673 };
  applyContent(message, content, deps.clock.now());
  return { code: 0, cardChanged: true };
}
