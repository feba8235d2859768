import type { Diagnosis } from '../../diagnose/diagnosis.ts';
import type { Effect } from '../../incident/actions/decision.ts';
import type { Actor, Incident } from '../../incident/incident.ts';
import type { EpochMs } from '../../types.ts';
import type { Trx } from '../database.ts';
import { diagnosisOf } from '../delivery/rows.ts';
import { scheduleMany, wishOf } from '../schedule.ts';
import { addSilence, endIncidentSilence } from '../silences.ts';
import { insertVerdict } from '../verdicts.ts';

export interface EffectsOf {
  readonly before: Incident;
  readonly incident: Incident;
  readonly effects: readonly Effect[];
  readonly actor: Actor;
  readonly now: EpochMs;
}

/** What a decision asks for besides the incident's own row. */
export async function applyEffects(trx: Trx, { before, incident, effects, actor, now }: EffectsOf): Promise<void> {
  const wishes = effects.flatMap((effect) => (effect.kind === 'schedule' ? [wishOf(effect, incident.id)] : []));
  await scheduleMany(trx, wishes);
  for (const effect of effects) {
    if (effect.kind === 'end_alerts') await endAlerts(trx, incident, now);
    if (effect.kind === 'verdict') await judge(trx, effect, actor, now);
  }
  if (before.silencedUntil !== incident.silencedUntil) await listSilence(trx, incident, effects, actor, now);
}

async function endAlerts({ db }: Trx, { id }: Incident, now: EpochMs): Promise<void> {
  await db
    .updateTable('alerts')
    .set({ status: 'resolved', resolved_at: now })
    .where('incident_id', '=', id)
    .where('current', '=', 1)
    .where('status', '=', 'firing')
    .execute();
}

type Judgement = Extract<Effect, { kind: 'verdict' }>;

/** The diagnosis keeps the verdict, and the memory its first cause. */
async function judge(trx: Trx, { diagnosisId, verdict, reason }: Judgement, actor: Actor, now: EpochMs): Promise<void> {
  const row = await trx.db
    .updateTable('diagnoses')
    .set({ status: verdict, decided_at: now, decided_by: actor.name, reject_reason: reason ?? null })
    .where('id', '=', diagnosisId)
    .returningAll()
    .executeTakeFirst();
  const diagnosis = row === undefined ? undefined : diagnosisOf(row);
  if (diagnosis === undefined) return;
  await teach(trx, diagnosis, verdict, reason, now);
  const [cause] = diagnosis.causes;
  if (cause === undefined) return;
  await insertVerdict(trx, {
    incidentId: diagnosis.incidentId,
    diagnosisId,
    family: diagnosis.family,
    causeKey: cause.key,
    cause: cause.statement,
    verdict,
    ...(reason === undefined ? {} : { reason }),
    actorId: actor.id,
    at: now,
  });
}

/** What was wrong is not given again to the next incident of the same evidence, and its provider learns of the verdict. */
async function teach(
  trx: Trx,
  { id, provider, origin }: Diagnosis,
  verdict: Judgement['verdict'],
  reason: string | undefined,
  now: EpochMs,
): Promise<void> {
  if (verdict === 'rejected' && origin?.digest !== undefined)
    await trx.db.deleteFrom('diagnosis_cache').where('digest', '=', origin.digest).execute();
  if (origin?.feedback === undefined) return;
  const liked = verdict === 'confirmed';
  const payload = JSON.stringify({
    provider,
    ...origin.feedback,
    liked,
    ...(reason === undefined ? {} : { words: reason }),
  });
  await scheduleMany(trx, [{ kind: 'feedback', subject: id, dueAt: now, payload }]);
}

/** Keeps the list of silences in step with the incident's own. */
async function listSilence(
  trx: Trx,
  { id, silencedUntil }: Incident,
  effects: readonly Effect[],
  actor: Actor,
  now: EpochMs,
): Promise<void> {
  await endIncidentSilence(trx, id, actor, now);
  if (silencedUntil === undefined) return;
  const said = effects.find((effect) => effect.kind === 'silence');
  const reason = said?.reason === undefined ? {} : { reason: said.reason };
  await addSilence(trx, { incidentId: id, matchers: [], until: silencedUntil, actor, ...reason }, now);
}
