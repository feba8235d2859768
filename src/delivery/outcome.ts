import { cardHash } from '../cards/card-hash.ts';
import type { Sent, Shown } from '../channels/channel.ts';
import {
  ContentRefused,
  MessageGone,
  PlatformUnavailable,
  RateLimited,
  TargetGone,
  codeOf,
  retryOf,
} from '../errors.ts';
import type { EpochMs } from '../types.ts';
import { backoffMs } from './backoff.ts';
import { REFUSED, type ShowPlan } from './plan.ts';
import type { OutboxChange, OutboxRow } from './outbox.ts';
import type { PlacementChange } from './placement.ts';

/** How a call ended, with the time it took. */
export type CallResult<T> =
  | { readonly ok: true; readonly value: T; readonly latencyMs: number }
  | { readonly ok: false; readonly error: unknown; readonly latencyMs: number };

/** What a failed or successful call means for its lane. */
export type LaneNews =
  | { readonly kind: 'works' }
  | {
      readonly kind: 'pause';
      readonly ms: number;
      readonly failed: boolean;
      readonly reason: string;
      /** Every lane of the app has to wait. */
      readonly app: boolean;
    }
  | { readonly kind: 'dead'; readonly reason: string }
  | { readonly kind: 'none' };

export interface Verdict<C> {
  readonly change: C;
  readonly lane: LaneNews;
  /** Label of the result in metrics and attempts. */
  readonly outcome: string;
  readonly detail?: string;
}

const LEAST_PAUSE_MS = 200;
const MOST_PAUSE_MS = 60 * 60_000;

/** Whether the platform may have acted on a call that failed. A bug's throw tells nothing, so it may. */
export function isUnknown(error: unknown): boolean {
  if (error instanceof PlatformUnavailable) return error.outcomeUnknown;
  return codeOf(error) === 'unexpected';
}

/** What to write after showing a card. */
export function judgeShow(
  plan: ShowPlan,
  result: CallResult<Shown>,
  edits: boolean,
  now: EpochMs,
  random: () => number,
): Verdict<PlacementChange> {
  if (result.ok) return { change: shownChange(plan, result.value, edits, now), lane: { kind: 'works' }, outcome: 'ok' };
  const { error } = result;
  return {
    change: failedChange(plan, error, now, random),
    lane: laneNews(error, plan.target.failures, random),
    ...told(error),
  };
}

function shownChange(plan: ShowPlan, shown: Shown, edits: boolean, now: EpochMs): PlacementChange {
  const { placement, post, verb, revision } = plan;
  if (shown.instead !== undefined) return toldChange(plan, shown, now);
  return {
    shownRevision: revision,
    shown,
    shownFacts: post.facts,
    shownHash: post.hash,
    shownAt: now,
    firstShownAt: placement.firstShownAt ?? now,
    ...(verb === 'post' ? { postedAt: now } : {}),
    pendingPayload: null,
    pendingRevision: null,
    // Where nothing can be edited every show is a post, and each needs a key of its own.
    ...(edits ? {} : { messageKey: null }),
    attempts: 0,
    lastError: null,
    release: true,
  };
}

/** The card shows its former state, so nothing equals it; what people were told is what is new from now on. */
const toldChange = ({ post, revision }: ShowPlan, shown: Shown, now: EpochMs): PlacementChange => ({
  shownRevision: revision,
  shown,
  ...(shown.instead === 'message' ? { shownFacts: post.facts, shownAt: now } : {}),
  shownHash: null,
  attempts: 0,
  lastError: null,
  release: true,
});

function failedChange(plan: ShowPlan, error: unknown, now: EpochMs, random: () => number): PlacementChange {
  const { placement, repeat, verb } = plan;
  const attempts = placement.attempts + 1;
  // A payload that certainly did not arrive, at no try, need not be repeated: the next post tells today's state.
  const forget = !repeat && !isUnknown(error) ? { pendingPayload: null, pendingRevision: null } : {};
  const lastError = words(error);
  if (error instanceof RateLimited) return { ...forget, lastError, release: true };
  if (error instanceof TargetGone) return { ...forget, lastError, release: true };
  if (error instanceof ContentRefused) return { ...refusedChange(plan), attempts, lastError, release: true };
  if (error instanceof MessageGone && verb === 'edit') return { ...goneChange(plan), lastError, release: true };
  return {
    ...forget,
    ...(isUnknown(error) && verb === 'edit' ? { shownHash: null } : {}),
    attempts,
    notBefore: now + backoffMs(attempts, random),
    lastError,
    release: true,
  };
}

const refusedChange = ({ placement }: ShowPlan): Partial<PlacementChange> => ({
  pendingPayload: null,
  pendingRevision: null,
  ...(placement.lastError?.startsWith(REFUSED) === true ? { parkedReason: REFUSED } : {}),
});

const goneChange = ({ placement }: ShowPlan): Partial<PlacementChange> => ({
  shown: null,
  shownHash: null,
  messageKey: null,
  pendingPayload: null,
  pendingRevision: null,
  generation: placement.generation + 1,
});

/** How long a message that nobody answers for is tried; then it is listed as dead and can be retried by hand. */
const HORIZON_MS = 24 * 60 * 60_000;

/** What to write after sending a message. */
export function judgeSend(
  row: OutboxRow,
  failures: number,
  result: CallResult<Sent & Pick<Shown, 'instead'>>,
  now: EpochMs,
  random: () => number,
): Verdict<OutboxChange> {
  const latencyMs = Math.round(result.latencyMs);
  if (result.ok) {
    const { ref, instead } = result.value;
    if (isBehind(row))
      return { change: { state: 'due', ref, latencyMs, lastError: null }, lane: { kind: 'works' }, outcome: 'ok' };
    // A pointer on an old card that could not be edited then: the new card is there without it.
    const state = instead === undefined ? 'sent' : 'expired';
    const change = { state, ref, settledAt: now, latencyMs, lastError: null, response: ref } as const;
    return { change, lane: { kind: 'works' }, outcome: 'ok' };
  }
  const { error } = result;
  const lane = laneNews(error, failures, random);
  return {
    change: { ...failedMessage(row, error, now, random), latencyMs, lastError: words(error) },
    lane,
    ...told(error),
  };
}

/** What was sent is how the message began; meanwhile there is more to show. */
const isBehind = ({ ref, payload }: OutboxRow): boolean =>
  payload.kind === 'growing' && ref === undefined && cardHash(payload.first) !== cardHash(payload.card);

function failedMessage(row: OutboxRow, error: unknown, now: EpochMs, random: () => number): OutboxChange {
  const attempts = row.attempts + 1;
  if (error instanceof RateLimited || error instanceof TargetGone) return { state: 'due' };
  // What it answered is gone: once more, straight to the chat.
  if (error instanceof MessageGone && row.ref === undefined && !lostItsParent(row)) return { state: 'due', attempts };
  const hopeless = error instanceof ContentRefused || error instanceof MessageGone;
  if (hopeless || now - row.createdAt >= HORIZON_MS) return { state: 'dead', attempts, settledAt: now };
  return { state: 'due', attempts, notBefore: now + backoffMs(attempts, random) };
}

/** Whether the message was already told that what it replies to is gone. */
export const lostItsParent = (row: OutboxRow): boolean => row.lastError?.startsWith('message_gone') === true;

function laneNews(error: unknown, failures: number, random: () => number): LaneNews {
  if (error instanceof TargetGone) return { kind: 'dead', reason: words(error) };
  if (error instanceof ContentRefused || error instanceof MessageGone) return { kind: 'none' };
  if (error instanceof RateLimited)
    return { kind: 'pause', ms: throttleMs(error), failed: false, reason: words(error), app: error.concerns === 'app' };
  // One failure may be the card's; from the second in a row on it is the target's, and the lane waits.
  const ms = failures === 0 ? 0 : backoffMs(failures, random);
  return { kind: 'pause', ms, failed: true, reason: words(error), app: false };
}

function throttleMs(error: RateLimited): number {
  const retry = retryOf(error);
  const asked = typeof retry === 'object' ? retry.afterMs : 0;
  return Math.min(MOST_PAUSE_MS, Math.max(LEAST_PAUSE_MS, Number.isFinite(asked) ? asked : 0));
}

const words = (error: unknown): string =>
  `${codeOf(error)}: ${error instanceof Error ? error.message : String(error)}`.slice(0, 500);

const told = (error: unknown) => ({ outcome: codeOf(error), detail: words(error) });
