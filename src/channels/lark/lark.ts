import { createHash } from 'node:crypto';
import type { Card } from '../../cards/card.ts';
import { ContentRefused, PlatformUnavailable, TargetGone } from '../../errors.ts';
import type { Log } from '../../telemetry/log.ts';
import type { Clock, Locale } from '../../types.ts';
import type { Channel, Limits, Message, Sent, ShowRequest, Shown } from '../channel.ts';
import type { LarkApi, LarkContent, LarkMessage } from './api.ts';
import { platformCodeOf } from './errors.ts';
import { pagePeople } from './page.ts';
import type { RenderCard } from './ports.ts';
import { postOf, withoutMentions } from './post.ts';
import { ladder, withMentions } from './simpler.ts';

export interface LarkDeps {
  readonly appId: string;
  readonly api: LarkApi;
  readonly larkCard: RenderCard;
  readonly clock: Clock;
  readonly log: Log;
  /** Whether API calls are to be saved: few are left this month, or none. */
  readonly thrifty?: () => boolean;
  /** Of the neutral card, such that `larkCard` seldom has to shorten; the platform's own: 30 KB, 200 elements. */
  readonly limits?: Limits;
}

/**
 * JSON 2.0 takes about twice the bytes of the neutral card, and columns and panels count as elements. The platform counts
 * no buttons: 24 are a storm's ten incidents with two each, and some.
 */
const LIMITS: Limits = { bytes: 14 * 1024, elements: 90, buttons: 24 };

/** Platform fact: a card can be edited for 14 days (patch, 230031). */
const WINDOW_MS = 14 * 24 * 60 * 60_000;

/**
 * Groups and direct chats of an app. Paces: 5 calls a second for one group, which all its bots share (platform fact),
 * so that no second of ours sees more than 4; 50 a second and 1000 a minute for the whole app, so at most 46 and 990.
 */
export function createLark(deps: LarkDeps): Channel {
  return {
    name: 'lark',
    // Known to the platform for an hour (create): a first post that is repeated later than that shows a second card.
    idempotency: 'key',
    limits: deps.limits ?? LIMITS,
    pacing: { perMinute: 120, burst: 2, concurrency: 2 },
    appPacing: { key: `lark:${deps.appId}`, perSecond: 16, burst: 30 },
    editing: { windowMs: WINDOW_MS },
    threads: true,
    callTimeoutMs: 10_000,
    ...(deps.thrifty && { thrifty: deps.thrifty }),
    show: (request, signal) => show(deps, request, signal),
    send: (message, signal) => send(deps, message, signal),
    page: (request, signal) => pagePeople(deps.api, request, signal),
  };
}

async function show(deps: LarkDeps, request: ShowRequest, signal: AbortSignal): Promise<Shown> {
  const { api, clock, larkCard } = deps;
  const { key, address, card, locale, previous } = request;
  if (previous !== undefined) {
    await descend(deps, ladder(card), (step) => api.patchCard(previous.ref, larkCard(step, { locale }), signal));
    const { ref, editableUntil } = previous;
    return { ref, ...(editableUntil !== undefined && { editableUntil }) };
  }
  const to = receiverOf(address);
  const { messageId } = await descend(deps, ladder(card), (step, rung) =>
    api.createMessage({ ...to, uuid: uuidOf(key, rung) }, cardContent(deps, step, locale), signal),
  );
  return { ref: messageId, editableUntil: clock.now() + WINDOW_MS };
}

async function send(deps: LarkDeps, message: Message, signal: AbortSignal): Promise<Sent> {
  const { key, address, replyTo } = message;
  const to = receiverOf(address);
  const { messageId } = await descend(deps, contentsOf(deps, message), (content, rung) => {
    const uuid = uuidOf(key, rung);
    return replyTo === undefined
      ? deps.api.createMessage({ ...to, uuid }, content, signal)
      : reply(deps, replyTo, uuid, content, signal);
  });
  return { ref: messageId };
}

/** Platform facts (reply): the thread is gone, or this chat has none. On other calls these numbers mean other things. */
const NO_THREAD = new Set([230019, 230071, 230072]);

async function reply(
  { api }: LarkDeps,
  messageId: string,
  uuid: string,
  content: LarkContent,
  signal: AbortSignal,
): Promise<LarkMessage> {
  try {
    return await api.replyMessage({ messageId, inThread: true, uuid }, content, signal);
  } catch (error) {
    if (!NO_THREAD.has(platformCodeOf(error) ?? 0)) throw error;
    return api.replyMessage({ messageId, inThread: false, uuid: uuidOf(uuid, 1) }, content, signal);
  }
}

/** What to send, and what instead when the platform refuses it. */
function contentsOf(deps: LarkDeps, { content, mentions, locale }: Message): readonly LarkContent[] {
  if (content.kind === 'text')
    return [postOf(content.text, mentions, locale), postOf(withoutMentions(content.text), [], locale)];
  return ladder(withMentions(content.card, mentions)).map((card) => cardContent(deps, card, locale));
}

const cardContent = ({ larkCard }: LarkDeps, card: Card, locale: Locale): LarkContent => ({
  type: 'interactive',
  content: larkCard(card, { locale }),
});

/** Tries one after the other while the platform refuses the content; the last refusal is the caller's. */
async function descend<S, T>(
  { log }: Pick<LarkDeps, 'log'>,
  steps: readonly S[],
  attempt: (step: S, rung: number) => Promise<T>,
): Promise<T> {
  let refused: unknown = new PlatformUnavailable('nothing to send', false);
  for (const [rung, step] of steps.entries()) {
    try {
      return await attempt(step, rung); // oxlint-disable-line no-await-in-loop -- the next only after a refusal
    } catch (error) {
      if (!(error instanceof ContentRefused)) throw error;
      refused = error;
      log.warn({ action: 'lark_content_refused', rung, err: error }, 'the platform refuses this content');
    }
  }
  throw refused;
}

/** Where a target's address leads: `oc_…` is a chat, `ou_…` a person. */
function receiverOf(address: string): { readonly idType: 'chat_id' | 'open_id'; readonly id: string } {
  if (/^oc_[A-Za-z0-9_-]+$/u.test(address)) return { idType: 'chat_id', id: address };
  if (/^ou_[A-Za-z0-9_-]+$/u.test(address)) return { idType: 'open_id', id: address };
  throw new TargetGone(`"${address.slice(0, 80)}" is no address of lark: oc_… is a chat, ou_… a person`);
}

/** At most 50 characters are taken (create); each content of a key has an id of its own, since one id means one content. */
const uuidOf = (key: string, rung: number): string =>
  createHash('sha256').update(`${rung}\n${key}`).digest('base64url').slice(0, 43);
