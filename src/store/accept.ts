import { decideArrivals, type Touched } from '../incident/arrivals.ts';
import { createDayOf, incidentId } from '../incident/id.ts';
import type { Accepted, AcceptedIncident, Policy } from '../incident/ports.ts';
import { type Settled, settle } from '../incident/settle.ts';
import { type WorkingSet, createWorkingSet, identify } from '../incident/working-set.ts';
import type { Clock, EpochMs } from '../types.ts';
import { loadKnown } from './accept/load.ts';
import { saveAlerts } from './accept/save-alerts.ts';
import { saveIncidents, saveTimeline } from './accept/save-incidents.ts';
import { scheduleSettled } from './accept/schedule.ts';
import { nextNumbers } from './counters.ts';
import type { AcceptBatch, Trx } from './database.ts';
import { saveHeartbeats } from './heartbeats.ts';
import { rowId } from './ids.ts';
import { placeChanged } from './place.ts';
import type { Routes } from './routes.ts';
import { activeSilences } from './silences.ts';

export interface AcceptDeps {
  readonly policy: Policy;
  readonly clock: Clock;
  readonly routes: Routes;
  /** Since when this process accepts alerts without a break: earlier silence of a sender is counted by the `uptime` rows. */
  readonly acceptingSince: () => EpochMs;
}

/**
 * Load, decide in memory in arrival order, save: a fixed number of set-wise statements however large the batch.
 * Locks in the order of all writers: incidents by key, the id counter, inserts. A key that another replica opened
 * meanwhile breaks the unique index; the committer then runs the batch again.
 */
export function createAcceptBatch({ policy, clock, routes, acceptingSince }: AcceptDeps): AcceptBatch {
  const dayOf = createDayOf(policy.timezone);
  return async (trx, arrivals) => {
    const now = clock.now();
    const batch = arrivals.map((arrival) => identify(arrival, policy));
    const known = await loadKnown(trx, batch, acceptingSince());
    const set = createWorkingSet(known, policy, () => rowId(now));
    const touched = decideArrivals(set, batch);
    const changed = await settleAll(trx, set, now);
    await number(trx, set, dayOf(now));
    await save(trx, set, changed, now);
    await placeChanged(trx, changed.map(placing), routes, now);
    await scheduleSettled(trx, changed, policy, now);
    return answers(touched);
  };
}

async function settleAll(trx: Trx, set: WorkingSet, now: EpochMs): Promise<readonly Settled[]> {
  if (!set.incidents.some(({ changed }) => changed)) return [];
  const silences = await activeSilences(trx, now);
  return set.incidents.map((draft) => settle(draft, silences, now)).filter((settled) => settled !== undefined);
}

/** New incidents get the day's next numbers, in the order they were opened. */
async function number(trx: Trx, set: WorkingSet, day: string): Promise<void> {
  const opened = set.incidents.filter(({ before }) => before === undefined);
  if (opened.length === 0) return;
  const first = await nextNumbers(trx, `incidents:${day}`, opened.length);
  for (const [at, draft] of opened.entries()) {
    draft.incident = { ...draft.incident, id: incidentId(day, first + at), seq: first + at };
  }
}

async function save(trx: Trx, set: WorkingSet, changed: readonly Settled[], now: EpochMs): Promise<void> {
  await saveIncidents(trx, set.incidents);
  await saveAlerts(trx, set);
  await saveTimeline(trx, set.incidents, now);
  await saveHeartbeats(
    trx,
    [...set.beaten].flatMap((identity) => set.heartbeats.get(identity) ?? []),
  );
  for (const { draft } of changed) {
    trx.hint({ kind: 'incident', id: draft.incident.id, revision: draft.incident.revision });
  }
}

const placing = ({ draft, urgent, placeable }: Settled) => ({
  incident: draft.incident,
  urgent,
  placeable,
  targetIds: draft.targetIds,
});

/** Of all the requests of a batch only the first that named an incident opened it. */
function answers(touched: readonly Touched[]): readonly Accepted[] {
  const named = new Set<Touched[number]>();
  return touched.map((drafts) => ({
    incidents: drafts.map((draft): AcceptedIncident => {
      const { id, status } = draft.incident;
      const created = draft.before === undefined && !named.has(draft);
      named.add(draft);
      return { id, status, created };
    }),
  }));
}
