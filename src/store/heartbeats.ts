import type { Heartbeat } from '../incident/heartbeat.ts';
import type { Handle, Trx } from './database.ts';
import type { Row } from './schema.ts';
import { textList, upsertMany } from './set-wise.ts';

export async function loadHeartbeats(handle: Handle, identities: readonly string[]): Promise<readonly Heartbeat[]> {
  if (identities.length === 0) return [];
  const rows = await handle.db
    .selectFrom('heartbeats')
    .selectAll()
    .where('identity', 'in', textList(handle, identities))
    .execute();
  return rows.map(heartbeatOf);
}

/** Those whose absence would be noticed. */
export async function armedHeartbeats({ db }: Handle): Promise<readonly Heartbeat[]> {
  const rows = await db.selectFrom('heartbeats').selectAll().where('seen', '>=', 2).execute();
  return rows.map(heartbeatOf);
}

/** It has to be seen twice again before its absence means anything. */
export async function disarmHeartbeat({ db }: Trx, identity: string): Promise<void> {
  await db.updateTable('heartbeats').set({ seen: 0 }).where('identity', '=', identity).execute();
}

export async function saveHeartbeats(trx: Trx, heartbeats: readonly Heartbeat[]): Promise<void> {
  const rows = heartbeats.map((heartbeat) => ({
    identity: heartbeat.identity,
    integration: heartbeat.integration,
    source: heartbeat.source,
    title: heartbeat.title,
    labels: JSON.stringify(heartbeat.labels),
    seen: heartbeat.seen,
    first_seen_at: heartbeat.firstSeenAt,
    last_seen_at: heartbeat.lastSeenAt,
    longest_gap_ms: heartbeat.longestGapMs,
    incident_id: null,
  }));
  const changing = ['title', 'labels', 'seen', 'last_seen_at', 'longest_gap_ms'] as const;
  await upsertMany(trx, 'heartbeats', ['identity'], changing, rows);
}

const heartbeatOf = (row: Row<'heartbeats'>): Heartbeat => ({
  identity: row.identity,
  integration: row.integration,
  source: row.source,
  title: row.title,
  labels: JSON.parse(row.labels),
  seen: row.seen,
  firstSeenAt: row.first_seen_at,
  lastSeenAt: row.last_seen_at,
  longestGapMs: row.longest_gap_ms,
});
