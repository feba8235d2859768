import { cardHash } from '../cards/card-hash.ts';
import type { Sent, Shown } from '../channels/channel.ts';
import { ContentRefused, MessageGone, RateLimited, TargetGone } from '../errors.ts';
import type { EpochMs } from '../types.ts';
import { backoffMs } from './backoff.ts';
import type { OutboxChange, OutboxRow } from './outbox.ts';
import { type CallResult, type Verdict, laneNews, told, words } from './outcome.ts';

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
