import type { Diagnosis } from '../diagnose/diagnosis.ts';
import type { DiagnosePorts, Facts } from '../diagnose/ports.ts';
import type { Database, Handle, Trx, Write } from './database.ts';
import { alertOf, incidentOf } from './delivery/rows.ts';
import { rowId } from './ids.ts';
import { verdictsOf } from './verdicts.ts';

/**
 * Raises an incident's revision for a diagnosis that was just stored, inside the same transaction: the timeline, the
 * placements and the hints are those of every other change of an incident.
 */
export type Announce = (trx: Trx, incidentId: string, diagnosis: Omit<Diagnosis, 'id'>) => Promise<void>;

/** What a diagnosis reads and writes; reads run on the reading connection. */
export function createDiagnoses(deps: {
  readonly database: Database;
  readonly write: Write;
  readonly announce: Announce;
}) {
  const reading: Handle = { db: deps.database.reader, engine: deps.database.engine };
  return {
    facts: (incidentId: string) => factsOf(reading, incidentId),
    verdicts: (family: string, incidentId: string) => verdictsOf(reading, family, incidentId),
    record: (diagnosis: Omit<Diagnosis, 'id'>) =>
      deps.write('job', async (trx) => {
        await insertDiagnosis(trx, diagnosis);
        await deps.announce(trx, diagnosis.incidentId, diagnosis);
      }),
  } satisfies Partial<DiagnosePorts>;
}

async function insertDiagnosis({ db }: Handle, diagnosis: Omit<Diagnosis, 'id'>): Promise<void> {
  await db
    .insertInto('diagnoses')
    .values({
      id: rowId(diagnosis.createdAt),
      incident_id: diagnosis.incidentId,
      status: diagnosis.status,
      provider: diagnosis.provider,
      prompt_version: diagnosis.promptVersion,
      family: diagnosis.family,
      summary: diagnosis.summary,
      causes: JSON.stringify(diagnosis.causes),
      steps: JSON.stringify(diagnosis.steps),
      evidence: JSON.stringify(diagnosis.evidence),
      confidence: diagnosis.confidence,
      created_at: diagnosis.createdAt,
      decided_at: diagnosis.decidedAt ?? null,
      decided_by: diagnosis.decidedBy ?? null,
      reject_reason: diagnosis.rejectReason ?? null,
    })
    .execute();
}

/** Most alerts of an incident that a diagnosis reads. */
const ALERTS = 20;

async function factsOf({ db }: Handle, incidentId: string): Promise<Facts | undefined> {
  const incident = await db.selectFrom('incidents').selectAll().where('id', '=', incidentId).executeTakeFirst();
  if (incident === undefined) return undefined;
  const alerts = await db
    .selectFrom('alerts')
    .selectAll()
    .where('incident_id', '=', incidentId)
    .orderBy('status', 'asc') // 'firing' sorts before 'resolved'
    .orderBy('received_at', 'desc')
    .orderBy('id', 'desc')
    .limit(ALERTS)
    .execute();
  return { incident: incidentOf(incident), alerts: alerts.map(alertOf) };
}
