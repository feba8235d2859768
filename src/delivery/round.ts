import type { Trx } from '../store/database.ts';
import type { EpochMs } from '../types.ts';
import { foldRush } from './folding.ts';
import { lanePacing, slotsOf } from './lanes.ts';
import { type MessagePlan, planSends } from './messages.ts';
import { pickFirst } from './ordering.ts';
import type { ShowPlan } from './plan.ts';
import type { RoundDeps } from './round-deps.ts';
import { restraintCutoffs } from './restraint.ts';
import { planShows } from './shows.ts';
import type { Lease, PlacementKey, Target, Waiting } from './work.ts';

/** What a round claimed: calls to make, by lane. */
export interface Claimed {
  readonly token: string;
  readonly targets: readonly Target[];
  readonly shows: readonly ShowPlan[];
  readonly sends: readonly MessagePlan[];
  /** Targets with more than they had room for. */
  readonly crowded: readonly string[];
}

const LANE_LEASE_MS = 30_000;
/** Beyond the call's own deadline: the time to write its result. */
const MARGIN_MS = 10_000;

/**
 * One transaction: leases the lanes, folds what is too much, picks what goes first, claims it, loads the subjects as
 * they are now, settles what needs no call and stores the payload of every first post. Free of effects outside the
 * database, since the committer may run it twice.
 */
export async function claimRound(trx: Trx, ids: readonly string[], deps: RoundDeps): Promise<Claimed> {
  const { store, clock, holder, newKey } = deps;
  const now = clock.now();
  const leased = await store.leaseTargets(trx, ids, { token: holder, until: now + LANE_LEASE_MS }, now);
  const targets = leased.filter(({ channel }) => deps.channels.has(channel));
  const token = newKey();
  const until =
    now + MARGIN_MS + Math.max(0, ...targets.map((target) => deps.channels.get(target.channel)?.callTimeoutMs ?? 0));
  const lease: Lease = { token, until };
  if (targets.length === 0) return { token, targets, shows: [], sends: [], crowded: [] };
  await foldRush(trx, targets, deps, now);
  const { picked, crowded } = await pick(trx, targets, deps, now);
  const keys = picked.filter(({ kind }) => kind === 'placement').map(keyOf);
  const placements = await store.claimPlacements(trx, keys, lease, now);
  const messages = await store.claimMessages(
    trx,
    picked.filter(({ kind }) => kind === 'message').map(({ id }) => id),
    lease,
    now,
  );
  const byId = new Map(targets.map((target) => [target.id, target]));
  const shows = await planShows(trx, placements, byId, deps, token, now);
  const sends = await planSends(trx, messages, byId, deps, token, now);
  return { token, targets, shows, sends, crowded };
}

const keyOf = ({ id, targetId }: Waiting): PlacementKey => ({ subjectId: id, targetId });

async function pick(trx: Trx, targets: readonly Target[], deps: RoundDeps, now: EpochMs) {
  const room = new Map(targets.map((target) => [target.id, roomOf(target, deps, now)]));
  const most = Math.max(1, ...[...room.values()].map(({ slots, busy }) => slots + busy.size)) + 1;
  const ids = targets.map(({ id }) => id);
  const waiting = await deps.store.waiting(trx, ids, most, now, restraintCutoffs(now));
  const picked: Waiting[] = [];
  const crowded: string[] = [];
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
