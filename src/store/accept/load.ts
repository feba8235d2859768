import { sql } from 'kysely';
import { SEVERITIES } from '../../incident/alert.ts';
import type { IdentifiedArrival, Known, KnownAlert } from '../../incident/working-set.ts';
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
  const names = namesIn(batch);
  const found = await currentAlerts(trx, names.identities);
  const attached = found.map(({ incident_id }) => incident_id).filter((id) => id !== null);
  const keys = new Set([...names.keys, ...found.map(({ incident_key }) => incident_key).filter((key) => key !== null)]);
  const rows = await lockedIncidents(trx, [...keys], [...new Set(attached)]);
  const alerts = await settledAlerts(trx, names.identities, found, rows);
  const heartbeats = await loadHeartbeats(trx, names.heartbeats);
  const seen = [...alerts.filter(({ status }) => status === 'firing'), ...heartbeats].map((one) => one.lastSeenAt);
  const accepting = await acceptingIntervals(trx, Math.min(...seen, acceptingSince), acceptingSince);
  return { alerts, incidents: rows.map(stateOf), heartbeats, accepting };
}

function namesIn(batch: readonly IdentifiedArrival[]) {
  const [identities, keys, heartbeats] = [new Set<string>(), new Set<string>(), new Set<string>()];
  for (const { identity, key, absence } of batch.flatMap(({ alerts }) => alerts)) {
    identities.add(absence?.identity ?? identity);
    keys.add(absence?.key ?? key);
    if (absence !== undefined) heartbeats.add(identity);
  }
  return { identities: [...identities], keys, heartbeats: [...heartbeats] };
}

interface CurrentRow {
  readonly id: string;
  readonly identity: string;
  readonly incident_id: string | null;
  readonly incident_key: string | null;
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
    select a.id, a.identity, a.incident_id, i.key as incident_key, a.status, a.severity, a.title, a.summary,
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

/**
 * The alerts as they are under the incidents' locks. On PostgreSQL another replica may have written them while we
 * waited, so they are read again; on SQLite nobody else writes.
 */
async function settledAlerts(
  trx: Trx,
  identities: readonly string[],
  found: readonly CurrentRow[],
  incidents: readonly IncidentRow[],
): Promise<readonly KnownAlert[]> {
  if (trx.engine === 'sqlite' || incidents.length === 0) return found.map(knownOf);
  const rows = await currentAlerts(trx, identities);
  const locked = new Set(incidents.map(({ id }) => id));
  const moved = rows.some(({ incident_id: id, incident_key: key }) => id !== null && key !== null && !locked.has(id));
  if (moved) throw Object.assign(new Error('an alert moved to another incident meanwhile'), { code: '40001' });
  return rows.map(knownOf);
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
