import type { Trx } from '../store/database.ts';
import type { EpochMs } from '../types.ts';
import { type Shut, dryLanes, grant, limitedChannels, openShares, spendShares } from './app-shares.ts';
import { foldRush } from './folding.ts';
import { lanePacing, slotsOf } from './lanes.ts';
import { type MessagePlan, planSends } from './messages.ts';
import { pickFirst } from './ordering.ts';
import type { ShowPlan } from './plan.ts';
import type { RoundDeps } from './round-deps.ts';
import { restraintCutoffs } from './restraint.ts';
import { planShows } from './shows.ts';
import type { PlacementKey } from './placement.ts';
import type { Target } from './target-ports.ts';
import type { Lease, Waiting } from './work.ts';

/** What a round claimed: calls to make, by lane. */
export interface Claimed {
  readonly token: string;
  readonly targets: readonly Target[];
  readonly shows: readonly ShowPlan[];
  readonly sends: readonly MessagePlan[];
  /** Targets with more than they had room for, or than their app had tokens for. */
  readonly crowded: readonly string[];
  /** Apps without a token. */
  readonly shut: readonly Shut[];
}

const LANE_LEASE_MS = 30_000;
/** Beyond the call's own deadline: the time to write its result. */
const MARGIN_MS = 10_000;

/**
 * One transaction: leases the lanes, folds what is too much, picks what goes first, claims it, loads the subjects as
 * they are now, settles what needs no call and stores the payload of every first post. Lanes whose app has no token are
 * left alone, and any lane of a limited app is leased only for a call. Free of effects outside the database, since the
 * committer may run it twice.
 */
export async function claimRound(trx: Trx, ids: readonly string[], deps: RoundDeps): Promise<Claimed> {
  const { store, channels, clock, holder, newKey } = deps;
  const now = clock.now();
  const token = newKey();
  const lane: Lease = { token: holder, until: now + LANE_LEASE_MS };
  const limited = limitedChannels(channels);
  const leased = await store.leaseTargets(trx, ids, lane, now, limited);
  const targets = leased.filter(({ channel }) => channels.has(channel));
  if (targets.length === 0) return { token, targets, shows: [], sends: [], crowded: [], shut: [] };
  const shares = await openShares(trx, targets, deps, now);
  const dry = dryLanes(shares);
  const open = targets.filter(({ id }) => !dry.has(id));
  const { picked, crowded } = await pick(trx, open, deps, now);
  const { granted, short } = grant(picked, shares);
  const calling = (id: string): boolean => granted.some(({ targetId }) => targetId === id);
  const late = open.filter(({ id, channel }) => limited.has(channel) && calling(id)).map(({ id }) => id);
  if (late.length > 0) await store.leaseTargets(trx, late, lane, now);
  const plans = await claim(trx, granted, targets, token, deps, now);
  const calls = [...plans.shows, ...plans.sends].map(({ target }) => target.id);
  const wanting = new Set([...dry, ...short]);
  const shut = await spendShares(trx, shares, calls, wanting, deps, now);
  return { token, targets, ...plans, crowded: [...crowded, ...wanting], shut };
}

/** Takes what was picked, and makes of it the calls it needs. */
async function claim(
  trx: Trx,
  picked: readonly Waiting[],
  targets: readonly Target[],
  token: string,
  deps: RoundDeps,
  now: EpochMs,
) {
  const { store, channels } = deps;
  const timeouts = targets.map(({ channel }) => channels.get(channel)?.callTimeoutMs ?? 0);
  const lease: Lease = { token, until: now + MARGIN_MS + Math.max(0, ...timeouts) };
  const keys = picked.filter(({ kind }) => kind === 'placement').map(keyOf);
  const ids = picked.filter(({ kind }) => kind === 'message').map(({ id }) => id);
  const [placements, messages] = await Promise.all([
    store.claimPlacements(trx, keys, lease, now),
    store.claimMessages(trx, ids, lease, now),
  ]);
  const byId = new Map(targets.map((target) => [target.id, target]));
  const shows = await planShows(trx, placements, byId, deps, token, now);
  const sends = await planSends(trx, messages, byId, deps, token, now);
  return { shows, sends };
}

const keyOf = ({ id, targetId }: Waiting): PlacementKey => ({ subjectId: id, targetId });

/** What each lane would do now, after first cards beyond what people can read have been folded. */
async function pick(trx: Trx, targets: readonly Target[], deps: RoundDeps, now: EpochMs) {
  const picked: Waiting[] = [];
  const crowded: string[] = [];
  if (targets.length === 0) return { picked, crowded };
  await foldRush(trx, targets, deps, now);
  const room = new Map(targets.map((target) => [target.id, roomOf(target, deps, now)]));
  const most = Math.max(1, ...[...room.values()].map(({ slots, busy }) => slots + busy.size)) + 1;
  const ids = targets.map(({ id }) => id);
  const waiting = await deps.store.waiting(trx, ids, most, now, restraintCutoffs(now));
  for (const [id, { slots, busy }] of room) {
    const free = waiting.filter((one) => one.targetId === id && !busy.has(`${one.kind}:${one.id}`));
    picked.push(...pickFirst(free, slots));
    if (free.length > slots) crowded.push(id);
  }
  return { picked, crowded };
}

const NOTHING: ReadonlyMap<string, unknown> = new Map();

/** A lane that this process has not served yet has all the room its channel gives. */
function roomOf(target: Target, { lanes, channels }: RoundDeps, now: EpochMs) {
  const lane = lanes.get(target.id);
  if (lane !== undefined) return { slots: slotsOf({ ...lane, target }, now), busy: lane.inFlight };
  const channel = channels.get(target.channel);
  if (channel === undefined) return { slots: 0, busy: NOTHING };
  const pacing = lanePacing(channel, target);
  return { slots: Math.min(target.failures > 0 ? 1 : pacing.concurrency, Math.floor(pacing.burst)), busy: NOTHING };
}
