import type { Diagnosis } from '../diagnose/diagnosis.ts';
import type { DiagnosePorts, Facts } from '../diagnose/ports.ts';
import { parseIncidentId } from '../incident/id.ts';
import { SYSTEM } from '../incident/incident.ts';
import { traceId } from '../telemetry/log.ts';
import type { EpochMs } from '../types.ts';
import type { Database, Handle, Trx, Write } from './database.ts';
import { alertOf, incidentOf } from './delivery/rows.ts';
import { rowId } from './ids.ts';
import type { RespondIn } from './respond.ts';
import { scheduleMany } from './schedule.ts';
import { verdictsOf } from './verdicts.ts';

export interface DiagnosesDeps {
  readonly database: Database;
  readonly write: Write;
  readonly respondIn: RespondIn;
}

/** What a diagnosis reads and writes; reads run on the reading connection. */
export function createDiagnoses({ database, write, respondIn }: DiagnosesDeps) {
  const reading: Handle = { db: database.reader, engine: database.engine };
  return {
    facts: (incidentId: string) => factsOf(reading, incidentId),
    verdicts: (family: string, incidentId: string, similarIds: readonly string[]) =>
      verdictsOf(reading, family, [incidentId, ...similarIds]),
    record: (diagnosis: NewDiagnosis) => write('job', (trx) => record(trx, respondIn, diagnosis)),
  } satisfies Partial<DiagnosePorts>;
}

type NewDiagnosis = Omit<Diagnosis, 'id'>;

/** The diagnosis and the revision that shows it are stored together; nothing, when the incident is gone meanwhile. */
async function record(trx: Trx, respondIn: RespondIn, diagnosis: NewDiagnosis): Promise<void> {
  const { incidentId, provider, status } = diagnosis;
  const id = parseIncidentId(incidentId);
  if (id === undefined) return;
  const response = await respondIn(
    trx,
    id,
    { kind: 'diagnosed', provider, status },
    { actor: SYSTEM, traceId: traceId() },
  );
  if (!response.ok) return;
  await insertDiagnosis(trx, { ...diagnosis, createdAt: await after(trx, diagnosis) });
  if (diagnosis.origin?.awaiting !== true) return;
  await scheduleMany(trx, [{ kind: 'model', subject: incidentId, dueAt: diagnosis.createdAt }]);
}

/** The newest counts, also when the clock of the one before was ahead of ours. */
async function after({ db }: Trx, { incidentId, createdAt }: NewDiagnosis): Promise<EpochMs> {
  const last = await db
    .selectFrom('diagnoses')
    .select('created_at')
    .where('incident_id', '=', incidentId)
    .orderBy('created_at', 'desc')
    .limit(1)
    .executeTakeFirst();
  return last === undefined ? createdAt : Math.max(createdAt, last.created_at + 1);
}

export async function insertDiagnosis({ db }: Handle, diagnosis: NewDiagnosis): Promise<void> {
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
      severity_opinion: diagnosis.severityOpinion ?? null,
      origin: diagnosis.origin === undefined ? null : JSON.stringify(diagnosis.origin),
    })
    .execute();
}

/** Most alerts of an incident that a diagnosis reads. */
const ALERTS = 20;

export async function factsOf({ db }: Handle, incidentId: string): Promise<Facts | undefined> {
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
