import type { Card } from '../../cards/card.ts';
import { ContentRefused, MessageGone } from '../../errors.ts';
import type { Log } from '../../telemetry/log.ts';
import type { Channel, Message, MessageContent, Sent, ShowRequest, Shown } from '../channel.ts';
import { ALLOWANCE_SPENT, platformCodeOf } from './errors.ts';
import { isHookRef } from './hook.ts';
import { withoutMentions } from './post.ts';
import { ladder } from './simpler.ts';

/** A group's custom bot, which needs no API call of the app. */
export interface Fallback {
  readonly url: string;
  /** Its signing secret, when it has one. */
  readonly secret?: string;
}

export interface FallbackDeps {
  /** The app's own way. */
  readonly lark: Channel;
  /** Custom bots that sign with this. */
  readonly botsWith: (secret: string | undefined) => Channel;
  /** The bot bound to a target's address. */
  readonly fallbackOf: (address: string) => Promise<Fallback | undefined>;
  /** Whether the platform refuses the app's calls until the month ends. */
  readonly spent: () => boolean;
  readonly log: Log;
}

/**
 * The app's channel, with a way around while the month's allowance is spent (99991403): what the platform refuses goes
 * out through the target's custom bot, if one is bound; else the refusal stays and is tried again. A bot edits nothing,
 * takes no presses and knows no threads, so news become messages of their own, everything else waits for the app. What
 * is wrong with the bot (its address, secret or keyword) makes the target dead like any other fault of that kind.
 *
 * A bot recognises no repeated post either, so the channel says so while the allowance is spent: a crash may then show
 * a card twice. So may an answer that is lost just before the allowance ends or returns, since the other way repeats it.
 */
export function withFallback(deps: FallbackDeps): Channel {
  const { lark, spent } = deps;
  return {
    ...lark,
    get idempotency() {
      return spent() ? 'none' : lark.idempotency;
    },
    show: (request, signal) => show(deps, request, signal),
    send: (message, signal) => send(deps, message, signal),
  };
}

async function show(deps: FallbackDeps, request: ShowRequest, signal: AbortSignal): Promise<Shown> {
  const { previous, address, card, changes } = request;
  if (previous !== undefined && isHookRef(previous.ref))
    throw new MessageGone('a custom bot posted this card, which nobody can edit');
  try {
    return await deps.lark.show(request, signal);
  } catch (error) {
    const bot = await wayAround(deps, address, error);
    const news = changes.some((change) => change !== 'other');
    if (previous !== undefined && !news) return { ...previous, instead: 'nothing' };
    const { previous: _shown, ...anew } = request;
    const post = (shown: Card) => bot.channel.show({ ...anew, address: bot.url, card: shown }, signal);
    const { ref } = await withoutPeopleIfRefused(
      () => post(card),
      () => post(ladder(card)[1] ?? card),
    );
    return previous === undefined ? { ref, editsLeft: 0 } : { ...previous, instead: 'message' };
  }
}

async function send(deps: FallbackDeps, message: Message, signal: AbortSignal): Promise<Sent> {
  const { replyTo, ...alone } = message;
  // What a bot posted can neither be edited nor replied to.
  const reply = replyTo === undefined || isHookRef(replyTo) ? alone : message;
  try {
    return await deps.lark.send(reply, signal);
  } catch (error) {
    const bot = await wayAround(deps, message.address, error);
    const { replyContext: _context, ...anew } = { ...alone, address: bot.url };
    return withoutPeopleIfRefused(
      () => bot.channel.send(anew, signal),
      () => bot.channel.send({ ...anew, mentions: [], content: unaddressed(anew.content) }, signal),
    );
  }
}

/** The bot to take when `error` says that the allowance is spent and one is bound. Throws `error` in all other cases. */
async function wayAround(
  { botsWith, fallbackOf, log }: FallbackDeps,
  address: string,
  error: unknown,
): Promise<{ readonly channel: Channel; readonly url: string }> {
  if (platformCodeOf(error) !== ALLOWANCE_SPENT) throw error;
  const bound = await fallbackOf(address);
  if (bound === undefined) throw error;
  log.info({ action: 'lark_fallback', address }, 'goes out through the custom bot');
  return { channel: botsWith(bound.secret), url: bound.url };
}

/** People's ids are the app's: whether a custom bot may call them by those is unverified, and one wrong id fails all. */
async function withoutPeopleIfRefused<T>(whole: () => Promise<T>, without: () => Promise<T>): Promise<T> {
  try {
    return await whole();
  } catch (error) {
    if (!(error instanceof ContentRefused)) throw error;
    return without();
  }
}

const unaddressed = (content: MessageContent): MessageContent =>
  content.kind === 'text'
    ? { kind: 'text', text: withoutMentions(content.text) }
    : { kind: 'card', card: ladder(content.card)[1] ?? content.card };
