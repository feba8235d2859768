import { type ActionDecision, type ActionFacts, accepted, due } from './actions/decision.ts';
import { expire, reopenByHand, resolve } from './actions/ending.ts';
import { acknowledge, assign } from './actions/ownership.ts';
import { goStale, paged, remind } from './actions/passing-time.ts';
import { silence, silenceEnded, unsilence } from './actions/silencing.ts';
import { judge } from './actions/verdicts.ts';
import type { Incident } from './incident.ts';
import type { IncidentAction } from './ports.ts';

/** Decides without doing: the caller stores the incident, its entries and effects in one transaction. */
export function decideAction(incident: Incident, action: IncidentAction, facts: ActionFacts): ActionDecision {
  switch (action.kind) {
    case 'acknowledge':
      return acknowledge(incident, facts);
    case 'assign':
      return assign(incident, action, facts);
    case 'note':
      return accepted(incident, facts, 'noted', { text: action.text });
    case 'resolve':
      return resolve(incident, action, facts);
    case 'reopen':
      return reopenByHand(incident, facts);
    case 'silence':
      return silence(incident, action, facts);
    case 'unsilence':
      return unsilence(incident, facts);
    case 'confirm':
    case 'reject':
      return judge(incident, action, facts);
    case 'rediagnose':
      return accepted(incident, facts, 'diagnosis', { status: 'pending' }, undefined, [due('diagnose', facts.now)]);
    case 'diagnosed':
      return accepted(incident, facts, 'diagnosis', diagnosedData(action));
    case 'stale':
      return goStale(incident, facts);
    case 'expire':
      return expire(incident, facts);
    case 'remind':
      return remind(incident, facts);
    case 'paged':
      return paged(incident, action, facts);
    case 'silence_ended':
      break;
  }
  return silenceEnded(incident, facts);
}

const diagnosedData = ({ provider, status, shortfall }: Extract<IncidentAction, { kind: 'diagnosed' }>) => ({
  provider,
  status,
  ...(shortfall === undefined ? {} : { shortfall }),
});
