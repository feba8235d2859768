import { sql } from 'kysely';
import type { Diagnosis } from '../../diagnose/diagnosis.ts';
import type { EpochMs } from '../../types.ts';
import type { Handle } from '../database.ts';
import type { Row } from '../schema.ts';
import { textList } from '../set-wise.ts';
import { diagnosisOf } from './rows.ts';

type Found = { readonly subject: string; readonly pending_at: EpochMs | null } & (
  | Row<'diagnoses'>
  | { readonly id: null; readonly created_at: null }
);

/**
 * The latest diagnosis of each incident or, while an unresolved one has another coming, that it is pending; incidents
 * with neither are missing. Whether one is coming is what the due-rows say and is stored nowhere else.
 */
export async function currentDiagnoses(handle: Handle, ids: readonly string[]): Promise<Map<string, Diagnosis>> {
  const wanted = textList(handle, ids);
  const { rows } = await sql<Found>`
    select i.id as subject, w.due_at as pending_at, d.* from incidents i
    left join due w on w.kind = 'diagnose' and w.subject_id = i.id and i.status <> 'resolved'
    left join (
      select a.*, row_number() over (partition by incident_id order by created_at desc, id desc) as place
      from diagnoses a where incident_id in ${wanted}
    ) d on d.incident_id = i.id and d.place = 1
    where i.id in ${wanted} and (w.due_at is not null or d.id is not null)`.execute(handle.db);
  return new Map(rows.map((row) => [row.subject, current(row)]));
}

/** A row that was due before the latest diagnosis was made has had its answer, and is about to be struck off. */
function current(row: Found): Diagnosis {
  const { subject, pending_at: pendingAt } = row;
  if (row.id !== null && (pendingAt === null || pendingAt <= row.created_at)) return diagnosisOf(row);
  return pending(subject, pendingAt ?? 0);
}

const pending = (incidentId: string, createdAt: EpochMs): Diagnosis => ({
  id: '',
  incidentId,
  status: 'pending',
  provider: '',
  promptVersion: '',
  family: '',
  summary: '',
  causes: [],
  steps: [],
  evidence: [],
  confidence: 0,
  createdAt,
});
