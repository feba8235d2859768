import { createHash } from 'node:crypto';
import { MessageGone, PlatformUnavailable, TargetGone } from '../../errors.ts';
import type { Clock } from '../../types.ts';
import type { Channel, Message, ShowRequest } from '../channel.ts';
import type { Hub } from './hub.ts';
import { BOT } from './people.ts';
import type { PlaygroundContent, PlaygroundMessage, PlaygroundMessages } from './ports.ts';

export interface PlaygroundDeps {
  readonly messages: PlaygroundMessages;
  readonly hub: Hub;
  readonly clock: Clock;
}

/** Letters, digits, `_`, `.` and `-`: what may stand in `playground:<room>` and in an address bar. */
const ROOM = /^[\p{L}\p{N}_.-]{1,64}$/u;

/** The local chat as a channel: a platform like any other, whose messages live in our own database. */
export function createPlaygroundChannel(deps: PlaygroundDeps): Channel {
  return {
    name: 'playground',
    idempotency: 'own-ref',
    limits: { bytes: 256 * 1024, elements: 200, buttons: 60 },
    pacing: { perMinute: 3000, burst: 100, concurrency: 4 },
    editing: {},
    threads: true,
    callTimeoutMs: 5000,
    show: (request, signal) => withSignal(signal, () => show(deps, request)),
    send: (message, signal) => withSignal(signal, () => send(deps, message)),
  };
}

/** The id a message of this key has in this room: a second post of the key meets the first one's row. */
export const messageId = (room: string, key: string): string =>
  createHash('sha256').update(`${room}\n${key}`).digest('base64url').slice(0, 22);

async function show(deps: PlaygroundDeps, request: ShowRequest): Promise<{ ref: string }> {
  const room = roomOf(request.address);
  const content: PlaygroundContent = { kind: 'card', card: request.card };
  if (request.previous === undefined) return post(deps, { room, key: request.key, content, mentions: [] });
  const { ref } = request.previous;
  const revision = await deps.messages.edit(ref, content, deps.clock.now());
  if (revision === undefined) throw new MessageGone(`the playground has no message ${ref}`);
  deps.hub.publish({ message: ref, room, revision });
  return { ref };
}

async function send(deps: PlaygroundDeps, message: Message): Promise<{ ref: string }> {
  const room = roomOf(message.address);
  const { key, content, mentions, replyTo } = message;
  return post(deps, { room, key, content, mentions, ...(replyTo !== undefined && { replyTo }) });
}

interface Post {
  readonly room: string;
  readonly key: string;
  readonly content: PlaygroundContent;
  readonly mentions: PlaygroundMessage['mentions'];
  readonly replyTo?: string;
}

async function post(deps: PlaygroundDeps, { room, key, content, mentions, replyTo }: Post): Promise<{ ref: string }> {
  const id = messageId(room, key);
  const threadOf = replyTo === undefined ? undefined : await rootOf(deps.messages, room, replyTo);
  const added = await deps.messages.add({
    id,
    room,
    ...(threadOf !== undefined && { threadOf }),
    author: BOT,
    content,
    mentions,
    revision: 1,
    createdAt: deps.clock.now(),
  });
  if (added) deps.hub.publish({ message: threadOf ?? id, room, revision: 1 });
  return { ref: id };
}

/** Threads are one level deep: an answer to a reply stands under the same first message. */
export async function rootOf(messages: PlaygroundMessages, room: string, ref: string): Promise<string | undefined> {
  const message = await messages.get(ref);
  return message?.room === room ? (message.threadOf ?? message.id) : undefined;
}

function roomOf(address: string): string {
  if (!ROOM.test(address)) throw new TargetGone(`the playground has no room "${address}"`);
  return address;
}

/** A commit cannot be called back, so an abort in the middle leaves the outcome open; one before it leaves nothing. */
async function withSignal<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  if (signal.aborted) throw new PlatformUnavailable('the call was aborted before it began', false);
  const { promise, reject } = Promise.withResolvers<never>();
  const abort = () => reject(new PlatformUnavailable('the playground did not answer in time', true));
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await Promise.race([work(), promise]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
