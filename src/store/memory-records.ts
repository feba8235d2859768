import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import type { IncidentRecord, MemoryRecord, VerdictRecord } from '../diagnose/memory/record.ts';
import type { EpochMs } from '../types.ts';
import type { Handle } from './database.ts';
import { textList } from './set-wise.ts';

/** Incidents read at once. */
const PAGE = 200;

/**
 * Everything that is remembered: closed incidents, then those that were imported, the latest first, each followed by its
 * verdicts. Only those closed since `since`. Reads page by page; what is closed meanwhile may be missed.
 */
export async function* memoryRecords(handle: Handle, since: EpochMs): AsyncGenerator<MemoryRecord> {
  for (const page of [closedPage, rememberedPage]) {
    let before: Place | undefined = { at: Number.MAX_SAFE_INTEGER, seq: Number.MAX_SAFE_INTEGER, id: '' };
    while (before !== undefined) {
      const rows: readonly IncidentRow[] = await page(handle, since, before);
      const verdicts = await verdictsFor(handle, rows);
      for (const row of rows) {
        yield incidentRecord(row);
        yield* verdicts.get(row.id) ?? [];
      }
      const last = rows.at(-1);
      before =
        rows.length < PAGE || last === undefined ? undefined : { at: last.opened_at, seq: last.seq, id: last.id };
    }
  }
}

interface Place {
  readonly at: number;
  readonly seq: number;
  readonly id: string;
}

interface IncidentRow {
  readonly id: string;
  readonly seq: number;
  readonly title: string;
  readonly summary: string;
  readonly labels: string;
  readonly source: string;
  readonly severity: string;
  readonly cause: string | null;
  readonly opened_at: number;
  readonly resolved_at: number;
  readonly family: string | null;
}

async function closedPage({ db }: Handle, since: EpochMs, { at, seq }: Place): Promise<readonly IncidentRow[]> {
  const { rows } = await sql<IncidentRow>`
    select i.id, i.seq, i.title, i.summary, i.labels, i.source, i.severity, i.cause, i.opened_at, i.resolved_at, d.family
    from incidents as i left join search_docs as d on d.incident_id = i.id
    where (i.opened_at, i.seq) < (${at}, ${seq}) and i.status = 'resolved' and i.resolved_at >= ${since}
    order by i.opened_at desc, i.seq desc limit ${PAGE}`.execute(db);
  return rows;
}

async function rememberedPage({ db }: Handle, since: EpochMs, { at, id }: Place): Promise<readonly IncidentRow[]> {
  const { rows } = await sql<IncidentRow>`
    select r.id, 0 as seq, r.title, r.summary, r.labels, r.source, r.severity, r.cause, r.opened_at, r.resolved_at, d.family
    from remembered_incidents as r left join search_docs as d on d.incident_id = r.id
    where (r.opened_at, r.id) < (${at}, ${id}) and r.resolved_at >= ${since}
    order by r.opened_at desc, r.id desc limit ${PAGE}`.execute(db);
  return rows;
}

async function verdictsFor(handle: Handle, rows: readonly IncidentRow[]) {
  const openedAt = new Map(rows.map((row) => [row.id, row.opened_at]));
  const found = await handle.db
    .selectFrom('verdicts')
    .selectAll()
    .where('incident_id', 'in', textList(handle, [...openedAt.keys()]))
    .orderBy('at')
    .orderBy('id')
    .execute();
  const records = new Map<string, VerdictRecord[]>();
  for (const row of found) {
    const record: VerdictRecord = {
      kind: 'verdict',
      id: row.id,
      incidentId: row.incident_id,
      incidentOpenedAt: openedAt.get(row.incident_id) ?? 0,
      family: row.family,
      causeKey: row.cause_key,
      cause: row.cause,
      verdict: row.verdict === 'confirmed' ? 'confirmed' : 'rejected',
      ...(row.reason === null ? {} : { reason: row.reason }),
      at: row.at,
      by: row.actor_id,
    };
    records.set(row.incident_id, [...(records.get(row.incident_id) ?? []), record]);
  }
  return records;
}

const incidentRecord = (row: IncidentRow): IncidentRecord => ({
  kind: 'incident',
  id: row.id,
  title: row.title,
  summary: row.summary,
  labels: JSON.parse(row.labels),
  source: row.source,
  severity: row.severity,
  openedAt: row.opened_at,
  resolvedAt: row.resolved_at,
  ...(row.cause === null ? {} : { cause: row.cause }),
  ...(row.family === null ? {} : { family: row.family }),
});

/** The id of an incident of somebody else: ours may have the same for another one of that day. The same again gives the same. */
export function rememberedId(id: string, openedAt: EpochMs): string {
  const own = ownId(id);
  return `${own}~${createHash('sha256').update(`${own} ${openedAt}`).digest('hex').slice(0, 8)}`;
}

/** As its own installation called it. */
export const ownId = (id: string): string => id.replace(/~[0-9a-f]{8}$/, '');
