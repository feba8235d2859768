import type { Paged, Sent, Shown } from '../channels/channel.ts';
import type { Trx } from '../store/database.ts';
import type { EpochMs } from '../types.ts';
import type { Shut } from './app-shares.ts';
import type { MessagePlan } from './messages.ts';
import { judgeSend } from './judge-send.ts';
import { judgeShow } from './judge-show.ts';
import type { CallResult, LaneNews, Verdict } from './outcome.ts';
import { judgePage, settlePage } from './paging.ts';
import type { ShowPlan } from './plan.ts';
import { announce, ringingOf } from './ringing.ts';
import type { RoundDeps } from './round-deps.ts';
import type { OutboxChange } from './outbox.ts';
import type { PlacementChange } from './placement.ts';
import type { Target } from './target-ports.ts';
import type { Attempt, Changed } from './work.ts';

/** A call's end, and the claim it was made under. */
export interface Ended<P, T> {
  readonly plan: P;
  readonly token: string;
  readonly startedAt: EpochMs;
  readonly result: CallResult<T>;
}

/** What a written result tells the lane. */
export interface Settled {
  readonly again: boolean;
  readonly pausedUntil: EpochMs;
  readonly revived: boolean;
  /** The app whose lanes all have to wait. */
  readonly shut?: Shut;
}

const NO_RING = { ringing: { kind: 'none' }, rung: {} } as const;

/** Writes what came of showing a card. */
export async function settleShow(
  trx: Trx,
  ended: Ended<ShowPlan, Shown>,
  verdict: Verdict<PlacementChange>,
  deps: RoundDeps,
): Promise<Settled> {
  const { store, clock } = deps;
  const { plan, token, result } = ended;
  const { placement, incident, post, target, mentions } = plan;
  const now = clock.now();
  // A message in place of an edit has rung as a new card would.
  const posted = plan.verb === 'post' || (result.ok && result.value.instead === 'message');
  const news = { placement, target, ring: post.ring, posted, mentions, ...(incident && { incident }) };
  const { ringing, rung } = result.ok ? ringingOf(news, now) : NO_RING;
  const changed = await store.changePlacement(trx, placement, token, { ...verdict.change, ...rung }, now);
  if (changed === 'lost') {
    const made = result.ok ? { messageKey: plan.request.key, shown: result.value } : {};
    await store.adoptPlacement(trx, placement, { ...made, at: now });
  } else {
    await announce(trx, news, ringing, deps, now);
  }
  await store.addAttempts(trx, [attemptOf(ended, plan.verb, placement.subjectId, verdict, plan.revision)]);
  await parkedNews(trx, verdict.change, plan, deps, now);
  return laneSettled(trx, target, verdict.lane, changed, deps, now);
}

/** An incident whose only card the platform refuses is shown at the default target. */
async function parkedNews(trx: Trx, change: PlacementChange, plan: ShowPlan, deps: RoundDeps, now: EpochMs) {
  if (change.parkedReason === undefined || plan.placement.kind !== 'incident') return;
  await deps.store.rescueOne(trx, plan.placement.subjectId, deps.config.defaultTargetId, now);
}

/** Writes what came of sending a message. */
export async function settleSend(
  trx: Trx,
  ended: Ended<MessagePlan, Sent & Partial<Paged>>,
  verdict: Verdict<OutboxChange>,
  deps: RoundDeps,
): Promise<Settled> {
  const { store, clock } = deps;
  const { plan, token } = ended;
  const now = clock.now();
  const ours = await store.changeMessage(trx, plan.row.id, token, verdict.change);
  const verb = plan.kind === 'point' ? 'edit' : plan.kind;
  if (plan.kind === 'page' && ours) await settlePage(trx, plan, ended.result, verdict.change, deps);
  await store.addAttempts(trx, [attemptOf(ended, verb, plan.row.incidentId ?? plan.row.id, verdict)]);
  const again: Changed =
    ours && verdict.change.state === 'due' && (verdict.change.notBefore ?? 0) <= now ? 'due' : 'settled';
  return laneSettled(trx, plan.target, verdict.lane, again, deps, now);
}

async function laneSettled(
  trx: Trx,
  target: Target,
  lane: LaneNews,
  changed: Changed,
  { store, config, channels }: RoundDeps,
  now: EpochMs,
): Promise<Settled> {
  const again = changed !== 'settled';
  if (lane.kind === 'works') {
    const troubled = target.state !== 'ok' || target.failures > 0;
    const revived = troubled && (await store.targetWorks(trx, target.id, now));
    return { again: again || revived, pausedUntil: 0, revived };
  }
  const app = channels.get(target.channel)?.appPacing;
  if (lane.kind === 'pause' && lane.app && app !== undefined) {
    const shut: Shut = { key: app.key, until: now + lane.ms };
    await store.pauseApp(trx, shut.key, shut.until);
    return { again, pausedUntil: 0, revived: false, shut };
  }
  if (lane.kind === 'pause') {
    await store.pauseTarget(trx, target.id, now + lane.ms, lane.failed, lane.reason);
    return { again, pausedUntil: now + lane.ms, revived: false };
  }
  if (lane.kind === 'dead') {
    await store.killTarget(trx, target.id, lane.reason, now);
    await store.rescue(trx, config.defaultTargetId, now);
    return { again: false, pausedUntil: 0, revived: false };
  }
  return { again, pausedUntil: 0, revived: false };
}

function attemptOf<P extends { readonly target: Target }, T extends { readonly ref: string }, C>(
  { plan, startedAt, result }: Ended<P, T>,
  verb: Attempt['verb'],
  subjectId: string,
  { outcome, detail }: Verdict<C>,
  revision?: number,
): Attempt {
  return {
    targetId: plan.target.id,
    subjectId,
    verb,
    at: startedAt,
    latencyMs: result.latencyMs,
    outcome,
    ...(revision === undefined ? {} : { revision }),
    ...(detail === undefined ? {} : { error: detail }),
    ...(result.ok ? { ref: result.value.ref } : {}),
  };
}

/** Judges a card's call. */
export const verdictOfShow = ({ plan, result }: Ended<ShowPlan, Shown>, deps: RoundDeps): Verdict<PlacementChange> => {
  const edits = deps.channels.get(plan.target.channel)?.editing !== undefined;
  return judgeShow(plan, result, edits, deps.clock.now(), deps.random);
};

/** Judges a message's call. */
export const verdictOfSend = ({ plan, result }: Ended<MessagePlan, Sent>, deps: RoundDeps): Verdict<OutboxChange> =>
  (plan.kind === 'page' ? judgePage : judgeSend)(plan.row, plan.target.failures, result, deps.clock.now(), deps.random);
