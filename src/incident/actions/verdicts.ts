import type { Incident } from '../incident.ts';
import type { IncidentAction } from '../ports.ts';
import { type ActionDecision, type ActionFacts, type Effect, accepted, entry, refused } from './decision.ts';
import { acknowledged } from './ownership.ts';

type Judgement = Extract<IncidentAction, { kind: 'confirm' | 'reject' }>;

/** A verdict applies only to its own diagnosis; without an id the current one is meant. */
export function judge(incident: Incident, action: Judgement, facts: ActionFacts): ActionDecision {
  const { diagnosis } = facts;
  if (diagnosis === undefined || ['pending', 'failed'].includes(diagnosis.status))
    return refused(incident, 'no_diagnosis');
  if (action.diagnosisId !== undefined && action.diagnosisId !== diagnosis.id) {
    return { ok: false, reason: 'other_diagnosis', incident, diagnosisId: diagnosis.id };
  }
  if (action.kind === 'confirm') return confirm(incident, diagnosis, facts);
  const known =
    diagnosis.status === 'rejected' && (action.reason === undefined || diagnosis.rejectReason !== undefined);
  if (known) return refused(incident, 'already');
  const said = action.reason === undefined ? {} : { reason: action.reason };
  const effect: Effect = { kind: 'verdict', diagnosisId: diagnosis.id, verdict: 'rejected', ...said };
  return accepted(incident, facts, 'rejected', { diagnosisId: diagnosis.id, ...said }, undefined, [effect]);
}

/** Confirming also acknowledges when nobody has: who judges the diagnosis is looking at the incident. */
function confirm(incident: Incident, diagnosis: { readonly id: string; readonly status: string }, facts: ActionFacts) {
  const owned = acknowledged(incident, facts);
  const confirmed = diagnosis.status === 'confirmed';
  if (confirmed && owned === undefined) return refused(incident, 'already');
  const effects: Effect[] = confirmed ? [] : [{ kind: 'verdict', diagnosisId: diagnosis.id, verdict: 'confirmed' }];
  const decision = accepted(owned ?? incident, facts, 'confirmed', { diagnosisId: diagnosis.id }, undefined, effects);
  if (!decision.ok || owned === undefined) return decision;
  return { ...decision, entries: [...decision.entries, entry('acknowledged', {}, facts)] };
}
