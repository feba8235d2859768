import type { Shown } from '../channels/channel.ts';
import { ContentRefused, MessageGone, RateLimited, TargetGone } from '../errors.ts';
import type { EpochMs } from '../types.ts';
import { backoffMs } from './backoff.ts';
import { type CallResult, type Verdict, isUnknown, laneNews, told, words } from './outcome.ts';
import type { PlacementChange } from './placement.ts';
import { REFUSED, type ShowPlan } from './plan.ts';

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
