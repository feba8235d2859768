import { sql } from 'kysely';
import { SEVERITIES } from '../../incident/alert.ts';
import type { Identified, IdentifiedArrival, Known, KnownAlert } from '../../incident/working-set.ts';
import type { EpochMs } from '../../types.ts';
import type { Trx } from '../database.ts';
import { loadHeartbeats } from '../heartbeats.ts';
import { type IncidentRow, stateOf } from '../incident-rows.ts';
import { jsonRows, textList } from '../set-wise.ts';
import { acceptingIntervals } from './uptime.ts';

/** Everything the decisions about a batch need, and nothing of the history besides. */
export async function loadKnown(
  trx: Trx,
  batch: readonly IdentifiedArrival[],
  acceptingSince: EpochMs,
): Promise<Known> {
  const asked = batch.flatMap(({ alerts }) => alerts);
  const identities = [...new Set(asked.map(({ identity, absence }) => absence?.identity ?? identity))];
  const found = await currentAlerts(trx, identities);
  const keys = keysNeeded(asked, found);
  const incidents = await lockedIncidents(trx, [...keys], idsIn(found));
  const current = await underLocks(trx, { asked, identities, found, keys, incidents });
  const heartbeats = await loadHeartbeats(trx, [
    ...new Set(asked.flatMap((one) => (one.absence ? [one.identity] : []))),
  ]);
  const firing = current.filter(({ status }) => status === 'firing').map((row) => row.last_seen_at);
  const oldest = Math.min(...firing, ...heartbeats.map(({ lastSeenAt }) => lastSeenAt), acceptingSince);
  const accepting = await acceptingIntervals(trx, oldest, acceptingSince);
  return { alerts: current.map(knownOf), incidents: incidents.map(stateOf), heartbeats, accepting };
}

/** An alert that fires in the unresolved incident of its own key needs no other: the most frequent case. */
function keysNeeded(asked: readonly Identified[], found: readonly CurrentRow[]): ReadonlySet<string> {
  const rows = new Map(found.map((row) => [row.identity, row]));
  const keys = new Set<string>();
  for (const { identity, key, absence } of asked) {
    const row = rows.get(absence?.identity ?? identity);
    const own = absence?.key ?? key;
    if (row?.status === 'firing' && row.incident_key === own && row.incident_status !== 'resolved') continue;
    keys.add(own);
    if (row !== undefined && row.incident_key !== null) keys.add(row.incident_key);
  }
  return keys;
}

const idsIn = (rows: readonly CurrentRow[]): string[] => [
  ...new Set(rows.map(({ incident_id: id }) => id).filter((id) => id !== null)),
];

interface CurrentRow {
  readonly id: string;
  readonly identity: string;
  readonly incident_id: string | null;
  readonly incident_key: string | null;
  readonly incident_status: string | null;
  readonly status: string;
  readonly severity: string;
  readonly title: string;
  readonly summary: string;
  readonly starts_at: number | null;
  readonly last_seen_at: number;
  readonly repeats: number;
  readonly longest_gap_ms: number;
  readonly digest: string;
}

async function currentAlerts(trx: Trx, identities: readonly string[]): Promise<readonly CurrentRow[]> {
  const { rows } = await sql<CurrentRow>`
    select a.id, a.identity, a.incident_id, i.key as incident_key, i.status as incident_status, a.status, a.severity, a.title, a.summary,
      a.starts_at, a.last_seen_at, a.repeats, a.longest_gap_ms, a.digest
    from alerts a left join incidents i on i.id = a.incident_id
    where a.current = 1 and a.identity in ${textList(trx, identities)}`.execute(trx.db);
  return rows;
}

/** Of every key the unresolved incident and the one resolved last, and those the alerts are attached to. */
async function lockedIncidents(
  trx: Trx,
  keys: readonly string[],
  ids: readonly string[],
): Promise<readonly IncidentRow[]> {
  const list = jsonRows(
    trx,
    keys.map((key) => ({ key })),
    { key: 'text' },
  );
  const lock = trx.engine === 'postgres' ? sql`for update of i` : sql``;
  const { rows } = await sql<IncidentRow>`
    select i.* from incidents i where i.id in (
      select u.id from ${list} k join incidents u on u.key = k.key and u.status <> 'resolved'
      union
      select (
        select r.id from incidents r where r.key = k.key and r.resolved_at is not null
        order by r.resolved_at desc limit 1
      ) from ${list} k
      union
      select v.id from ${jsonRows(
        trx,
        ids.map((id) => ({ id })),
        { id: 'text' },
      )} v
    ) order by i.key, i.id ${lock}`.execute(trx.db);
  return rows;
}

interface Loaded {
  readonly asked: readonly Identified[];
  readonly identities: readonly string[];
  readonly found: readonly CurrentRow[];
  readonly keys: ReadonlySet<string>;
  readonly incidents: readonly IncidentRow[];
}

/**
 * The alerts as they are under the incidents' locks. On PostgreSQL another replica may have written them while we
 * waited, so they are read again, and what they need now must be what is locked; on SQLite nobody else writes.
 */
async function underLocks(
  trx: Trx,
  { asked, identities, found, keys, incidents }: Loaded,
): Promise<readonly CurrentRow[]> {
  if (trx.engine === 'sqlite' || incidents.length === 0) return found;
  const rows = await currentAlerts(trx, identities);
  const locked = new Set(incidents.map(({ id }) => id));
  const moved = rows.some(({ incident_id: id, incident_key: key }) => id !== null && key !== null && !locked.has(id));
  if (moved || [...keysNeeded(asked, rows)].some((key) => !keys.has(key))) throw new Meanwhile();
  return rows;
}

/** Has the code of a serialisation failure: the committer runs the batch again. */
class Meanwhile extends Error {
  readonly code = '40001';

  constructor() {
    super('another replica changed these alerts meanwhile');
    this.name = 'Meanwhile';
  }
}

function knownOf(row: CurrentRow): KnownAlert {
  return {
    id: row.id,
    identity: row.identity,
    status: row.status === 'firing' ? 'firing' : 'resolved',
    severity: SEVERITIES.find((severity) => severity === row.severity) ?? 'warning',
    title: row.title,
    summary: row.summary,
    lastSeenAt: row.last_seen_at,
    repeats: row.repeats,
    longestGapMs: row.longest_gap_ms,
    digest: row.digest,
    ...(row.incident_id === null ? {} : { incidentId: row.incident_id }),
    ...(row.starts_at === null ? {} : { startsAt: row.starts_at }),
  };
}
