import type { Card } from '../../cards/card.ts';
import { PlatformUnavailable, TargetGone } from '../../errors.ts';
import type { Clock, Locale } from '../../types.ts';
import type { Channel, Limits, Message } from '../channel.ts';
import { HOOK_TARGET_BYTES } from './card/limits.ts';
import { hookOrigins } from './domain.ts';
import { hookFailure } from './hook-answer.ts';
import type { RenderCard, SecretOf } from './ports.ts';
import { postContent } from './post.ts';
import { createMask } from './redact.ts';
import { signHook } from './sign.ts';
import { withMentions } from './simpler.ts';
import { unanswered } from './wire.ts';

export interface LarkHookDeps {
  readonly larkCard: RenderCard;
  readonly secretOf: SecretOf;
  readonly clock: Clock;
  readonly random: () => number;
  readonly fetch: typeof fetch;
  /** `LARK_DOMAIN`: addresses are taken at both clouds and there, nowhere else. */
  readonly domain: string;
}

const REF = 'hook:';
/** Whether a custom bot posted this: nobody can edit it or reply to it. */
export const isHookRef = (ref: string): boolean => ref.startsWith(REF);

const LIMITS: Limits = { bytes: 9 * 1024, elements: 70, buttons: 12 };

/**
 * A group's custom bot: one way only. It has no ids, so nothing can be edited, answered or recognised when it is sent
 * again; buttons that would call back are left out, those that open an address stay. 100 messages a minute and 5 a
 * second (platform fact): at most 93 and 4 of ours.
 */
export function createLarkHook(deps: LarkHookDeps): Channel {
  return {
    name: 'lark-hook',
    idempotency: 'none',
    limits: LIMITS,
    pacing: { perMinute: 90, burst: 3, concurrency: 2 },
    callTimeoutMs: 10_000,
    show: async ({ address, card, locale }, signal) => deliver(deps, address, cardBody(deps, card, locale), signal),
    send: async (message, signal) => deliver(deps, message.address, messageBody(deps, message), signal),
  };
}

function messageBody(deps: LarkHookDeps, { content, mentions, locale }: Message): object {
  if (content.kind === 'card') return cardBody(deps, withMentions(content.card, mentions), locale);
  return { msg_type: 'post', content: { post: postContent(content.text, mentions, locale) } };
}

/** Here the card is an object, where the app's calls take it as a string. */
const cardBody = ({ larkCard }: LarkHookDeps, card: Card, locale: Locale): object => ({
  msg_type: 'interactive',
  card: larkCard(card, { locale, callbacks: false, maxBytes: HOOK_TARGET_BYTES }),
});

async function deliver(
  deps: LarkHookDeps,
  address: string,
  body: object,
  signal: AbortSignal,
): Promise<{ readonly ref: string }> {
  if (signal.aborted) throw new PlatformUnavailable('the call was aborted before it began', false);
  const url = hookUrl(address, deps.domain);
  const secret = await deps.secretOf(address);
  const signature = secret === undefined || secret === '' ? {} : signHook(secret, deps.clock.now());
  const answer = await post(deps.fetch, url, { ...signature, ...body }, signal);
  const failure = hookFailure(answer, createMask([secret ?? '', url.pathname]));
  if (failure !== undefined) throw failure;
  // The platform names no message; this only tells one delivery from another in our own records.
  return { ref: `${REF}${deps.clock.now().toString(36)}-${Math.floor(deps.random() * 1e9).toString(36)}` };
}

async function post(send: typeof fetch, url: URL, body: object, signal: AbortSignal) {
  try {
    const response = await send(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json; charset=utf-8' },
      body: JSON.stringify(body),
      redirect: 'error',
      signal,
    });
    return { status: response.status, text: await response.text() };
  } catch (error) {
    throw unanswered(error);
  }
}

/** The address is the bot's key: it goes into no error and no log line. */
function hookUrl(address: string, domain: string): URL {
  const url = URL.parse(address);
  if (url !== null && isHookUrl(url, domain)) return url;
  throw new TargetGone("this is no custom bot's address: https://open.feishu.cn/open-apis/bot/v2/hook/…");
}

/** Whether a custom bot can live there: `domain` is `LARK_DOMAIN`, both clouds are taken besides. */
export const isHookUrl = (url: URL, domain: string): boolean =>
  hookOrigins(domain).includes(url.origin) &&
  // `fetch` takes no address with credentials in it, however often it is tried.
  url.username + url.password === '' &&
  /^\/open-apis\/bot\/(?:v2\/)?hook\/[\w-]+$/u.test(url.pathname);
