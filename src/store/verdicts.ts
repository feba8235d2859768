import type { Verdict } from '../diagnose/ports.ts';
import type { EpochMs } from '../types.ts';
import type { Handle } from './database.ts';
import { rowId } from './ids.ts';

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

/** What people said about causes of this family, and about this incident; newest first. */
export async function verdictsOf({ db }: Handle, family: string, incidentId: string): Promise<readonly Verdict[]> {
  const rows = await db
    .selectFrom('verdicts as v')
    .innerJoin('incidents as i', 'i.id', 'v.incident_id')
    .select([
      'v.incident_id',
      'v.cause_key',
      'v.cause',
      'v.verdict',
      'v.reason',
      'v.at',
      'i.title',
      'i.summary',
      'i.labels',
    ])
    .where((where) => where.or([where('v.family', '=', family), where('v.incident_id', '=', incidentId)]))
    .orderBy('v.at', 'desc')
    .orderBy('v.id', 'desc')
    .limit(MOST)
    .execute();
  return rows.map((row) => ({
    incidentId: row.incident_id,
    causeKey: row.cause_key,
    cause: row.cause,
    verdict: row.verdict === 'confirmed' ? 'confirmed' : 'rejected',
    ...(row.reason === null ? {} : { reason: row.reason }),
    at: row.at,
    about: { title: row.title, summary: row.summary, labels: JSON.parse(row.labels) },
  }));
}
