import { type RawBuilder, sql } from 'kysely';
import type { Verdict } from '../diagnose/ports.ts';
import type { EpochMs } from '../types.ts';
import type { Handle } from './database.ts';
import { rowId } from './ids.ts';
import { textList } from './set-wise.ts';

/** One verdict to remember. */
export interface NewVerdict {
  readonly incidentId: string;
  readonly diagnosisId: string;
  readonly family: string;
  readonly causeKey: string;
  readonly cause: string;
  readonly verdict: 'confirmed' | 'rejected';
  readonly reason?: string;
  readonly actorId: string;
  readonly at: EpochMs;
}

/** Remembers what a person said about a cause. */
export async function insertVerdict({ db }: Handle, verdict: NewVerdict): Promise<void> {
  await db
    .insertInto('verdicts')
    .values({
      id: rowId(verdict.at),
      incident_id: verdict.incidentId,
      diagnosis_id: verdict.diagnosisId,
      family: verdict.family,
      cause_key: verdict.causeKey,
      cause: verdict.cause,
      verdict: verdict.verdict,
      reason: verdict.reason ?? null,
      actor_id: verdict.actorId,
      at: verdict.at,
    })
    .execute();
}

/** Older ones say little about how things are today, and the loop that reads them stays bounded. */
const MOST = 200;

/**
 * What people said about causes in these incidents, lately in this family, and lately at all: the same trouble in other
 * words may have been taken for another family, or not have ended yet. Newest first.
 */
export async function verdictsOf(
  handle: Handle,
  family: string,
  incidentIds: readonly string[],
): Promise<readonly Verdict[]> {
  const latest = (where: RawBuilder<boolean>) =>
    sql`select * from (select id from verdicts where ${where} order by at desc, id desc limit ${MOST}) as latest`;
  const found = sql.join(
    [
      latest(sql`incident_id in ${textList(handle, incidentIds)}`),
      latest(sql`family = ${family}`),
      // Written so that the index on time is used although every row has one.
      latest(sql`at >= 0`),
    ],
    sql` union `,
  );
  const { rows } = await sql<VerdictRow>`
    select v.incident_id, v.cause_key, v.cause, v.verdict, v.reason, v.at,
      coalesce(i.title, r.title) as title, coalesce(i.summary, r.summary) as summary, coalesce(i.labels, r.labels) as labels
    from verdicts as v
    left join incidents as i on i.id = v.incident_id
    left join remembered_incidents as r on r.id = v.incident_id
    where v.id in (${found}) and (i.id is not null or r.id is not null)
    order by v.at desc, v.id desc`.execute(handle.db);
  return rows.map(verdictOf);
}

interface VerdictRow {
  readonly incident_id: string;
  readonly cause_key: string;
  readonly cause: string;
  readonly verdict: string;
  readonly reason: string | null;
  readonly at: EpochMs;
  readonly title: string;
  readonly summary: string;
  readonly labels: string;
}

const verdictOf = (row: VerdictRow): Verdict => ({
  incidentId: row.incident_id,
  causeKey: row.cause_key,
  cause: row.cause,
  verdict: row.verdict === 'confirmed' ? 'confirmed' : 'rejected',
  ...(row.reason === null ? {} : { reason: row.reason }),
  at: row.at,
  about: { title: row.title, summary: row.summary, labels: JSON.parse(row.labels) },
});
