import { decideAction } from '../incident/actions.ts';
import type { ActionDecision, Effect } from '../incident/actions/decision.ts';
import { type IncidentId, SYSTEM } from '../incident/incident.ts';
import type { IncidentAction, Policy, Respond, RespondContext, Response } from '../incident/ports.ts';
import { type FiringCounts, NOTHING_FIRES } from '../incident/severity.ts';
import type { IncidentState } from '../incident/working-set.ts';
import type { Clock, EpochMs } from '../types.ts';
import type { Trx, Write } from './database.ts';
import { CHANGING } from './accept/save-incidents.ts';
import { changingColumns, stateOf } from './incident-rows.ts';
import { placeChanged } from './place.ts';
import { factsFor } from './respond/facts.ts';
import { applyEffects } from './respond/effects.ts';
import { answeredBefore, audit, holdPressed, rememberAnswer } from './respond/record.ts';
import type { Routes } from './routes.ts';
import { updateMany } from './set-wise.ts';
import { addEntries } from './timeline.ts';

export interface RespondDeps {
  readonly write: Write;
  readonly policy: Policy;
  readonly clock: Clock;
  readonly routes: Routes;
}

/** The same inside a transaction that has more to do: a diagnosis that was just stored, a job's own row. */
export type RespondIn = (
  trx: Trx,
  id: IncidentId,
  action: IncidentAction,
  context: RespondContext,
) => Promise<Response>;

/** People first: what one of them did enters the next transaction before anything else. */
export function createRespond(deps: RespondDeps): Respond {
  const respondIn = createRespondIn(deps);
  return (id, action, context) => {
    const priority = context.actor.id === SYSTEM.id ? 'job' : 'press';
    return deps.write(priority, (trx) => respondIn(trx, id, action, context));
  };
}

/** Load, decide, save, record: the shape every action on an incident has. */
export function createRespondIn({ policy, clock, routes }: Omit<RespondDeps, 'write'>): RespondIn {
  return async (trx, id, action, context) => {
    const now = clock.now();
    const state = await lockIncident(trx, id);
    const before = await answeredBefore(trx, context, state?.incident, now);
    if (before !== undefined) return before;
    const response = await act(trx, state, action, context, now);
    await audit(trx, { id, action, context, response, now });
    await rememberAnswer(trx, context, response);
    return response;
  };

  async function act(
    trx: Trx,
    state: IncidentState | undefined,
    action: IncidentAction,
    context: RespondContext,
    now: EpochMs,
  ): Promise<Response> {
    if (state === undefined) return { ok: false, reason: 'not_found' };
    const facts = await factsFor(trx, state.incident, action, { now, actor: context.actor, policy });
    const decision = decideAction(state.incident, action, facts);
    if (!decision.ok) return decision;
    await save(trx, state, decision, context, now);
    await holdPressed(trx, decision.incident.id, context, now);
    return { ok: true, incident: decision.incident };
  }

  async function save(
    trx: Trx,
    state: IncidentState,
    decision: Extract<ActionDecision, { ok: true }>,
    { actor, traceId }: RespondContext,
    now: EpochMs,
  ): Promise<void> {
    const { incident, entries, effects, urgent } = decision;
    const firing = firingAfter(state.firing, effects);
    await updateMany(trx, 'incidents', ['id'], CHANGING, [{ id: incident.id, ...changingColumns(incident, firing) }]);
    await addEntries(
      trx,
      entries.map((entry) => ({ incidentId: incident.id, entry, traceId })),
      now,
    );
    await applyEffects(trx, { before: state.incident, incident, effects, actor, now });
    const placeable = effects.some(({ kind }) => kind === 'place');
    await placeChanged(trx, [{ incident, urgent, placeable, targetIds: new Set() }], routes, now);
    trx.hint({ kind: 'incident', id: incident.id, revision: incident.revision });
  }
}

const firingAfter = (firing: FiringCounts, effects: readonly Effect[]): FiringCounts =>
  effects.some(({ kind }) => kind === 'end_alerts') ? NOTHING_FIRES : firing;

async function lockIncident(trx: Trx, id: IncidentId): Promise<IncidentState | undefined> {
  const query = trx.db.selectFrom('incidents').selectAll().where('id', '=', id);
  const row = await (trx.engine === 'postgres' ? query.forUpdate() : query).executeTakeFirst();
  return row === undefined ? undefined : stateOf(row);
}
