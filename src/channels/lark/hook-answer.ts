import { type AppError, ContentRefused, PlatformUnavailable, RateLimited, TargetGone } from '../../errors.ts';
import type { Mask } from './redact.ts';

/** What a custom bot's address answered. */
export interface HookAnswer {
  readonly status: number;
  /** The body as text; the platform's is JSON whatever the status. */
  readonly text: string;
}

type Refusal = (message: string) => AppError;

const dead =
  (advice: string): Refusal =>
  (message) =>
    new TargetGone(`${message}; ${advice}`);

/**
 * Codes of the page on custom bots. A wrong secret, address list or keyword refuses every card, so the target is dead
 * until that is mended and others are told meanwhile (our choice). The number 19001 is unverified.
 */
const REFUSALS: Readonly<Record<number, Refusal>> = {
  9499: (message) => new ContentRefused(message),
  11232: (message) => new RateLimited('lark-hook', 10_000, { because: message }),
  19001: dead("the bot's address is wrong or the bot was removed"),
  19021: dead("set the target's secret to the bot's signing secret, and check this machine's clock"),
  19022: dead("add this server to the bot's IP allow-list"),
  19024: dead("the bot's keyword setting lets nothing else through; use signing in its place"),
};

/**
 * Undefined for a success: 2xx and `code` 0, or the older `StatusCode` 0 where there is no `code`. The platform tells
 * most refusals with HTTP 200 (second-hand, so any status is read the same way).
 */
export function hookFailure({ status, text }: HookAnswer, mask: Mask): AppError | undefined {
  const { code, message } = told(text);
  if (code === 0 && status < 300) return undefined;
  if (code !== undefined && code !== 0) {
    const words = `the custom bot answered ${code}: ${mask(message)}`;
    return REFUSALS[code]?.(words) ?? new PlatformUnavailable(words, false);
  }
  if (status === 429) return new RateLimited('lark-hook', 10_000);
  if (status === 404) return new TargetGone('the custom bot answered HTTP 404: its address is wrong');
  return new PlatformUnavailable(`the custom bot answered HTTP ${status}`, status < 400 || status >= 500);
}

function told(text: string): { readonly code?: number; readonly message: string } {
  const body = parsed(text);
  const pick = (name: string): unknown =>
    typeof body === 'object' && body !== null ? Object.entries(body).find(([key]) => key === name)?.[1] : undefined;
  const code = pick('code') ?? pick('StatusCode');
  const message = pick('msg') ?? pick('StatusMessage');
  return { ...(typeof code === 'number' && { code }), message: typeof message === 'string' ? message : '' };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
