import type { ActionFacts } from '../../incident/actions/decision.ts';
import { parseIncidentId } from '../../incident/id.ts';
import type { Incident, IncidentId } from '../../incident/incident.ts';
import type { IncidentAction } from '../../incident/ports.ts';
import { isSilenced } from '../../incident/silences.ts';
import type { Trx } from '../database.ts';
import { activeSilences } from '../silences.ts';

/** What an action's decision needs, and no more than its kind asks for. */
export async function factsFor(
  trx: Trx,
  incident: Incident,
  action: IncidentAction,
  known: Pick<ActionFacts, 'now' | 'actor' | 'policy'>,
): Promise<ActionFacts> {
  const silenced = isSilenced(incident, await activeSilences(trx, known.now), known.now);
  return { ...known, silenced, ...(await special(trx, incident, action)) };
}

async function special(trx: Trx, incident: Incident, action: IncidentAction): Promise<Partial<ActionFacts>> {
  if (action.kind === 'resolve' && action.rev !== undefined && action.rev < incident.revision) {
    return { joinedSince: await joinedSince(trx, incident.id, action.rev) };
  }
  if (action.kind === 'reopen') {
    const openOfKey = await unresolvedOfKey(trx, incident.key);
    return openOfKey === undefined ? {} : { openOfKey };
  }
  if (action.kind === 'confirm' || action.kind === 'reject') {
    const diagnosis = await currentDiagnosis(trx, incident.id);
    return diagnosis === undefined ? {} : { diagnosis };
  }
  return {};
}

async function joinedSince({ db }: Trx, id: IncidentId, revision: number): Promise<number> {
  const { count } = await db
    .selectFrom('alerts')
    .select((eb) => eb.fn.countAll().as('count'))
    .where('incident_id', '=', id)
    .where('joined_revision', '>', revision)
    .executeTakeFirstOrThrow();
  return Number(count);
}

async function currentDiagnosis({ db }: Trx, id: IncidentId): Promise<ActionFacts['diagnosis']> {
  const row = await db
    .selectFrom('diagnoses')
    .select(['id', 'status', 'reject_reason'])
    .where('incident_id', '=', id)
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  return { id: row.id, status: row.status, ...(row.reject_reason === null ? {} : { rejectReason: row.reject_reason }) };
}

async function unresolvedOfKey({ db }: Trx, key: string): Promise<IncidentId | undefined> {
  const row = await db
    .selectFrom('incidents')
    .select('id')
    .where('key', '=', key)
    .where('status', '<>', 'resolved')
    .executeTakeFirst();
  return row === undefined ? undefined : parseIncidentId(row.id);
}
