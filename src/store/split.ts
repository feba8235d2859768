import type { Alert } from '../incident/alert.ts';
import { incidentKeyOf } from '../incident/key.ts';
import type { Accepted, AcceptedIncident, Arrival } from '../incident/ports.ts';

/**
 * Cuts a large arrival into parts of at most `most` alerts, only between incidents, so that no incident's revision
 * rises twice for one delivery; the alerts of one incident stay together however many they are.
 */
export function splitArrival(arrival: Arrival, most: number): readonly Arrival[] {
  if (arrival.alerts.length <= most) return [arrival];
  const groups = Map.groupBy(arrival.alerts, incidentKeyOf);
  const parts: Alert[][] = [[]];
  for (const group of groups.values()) {
    const last = parts.at(-1);
    if (last !== undefined && (last.length === 0 || last.length + group.length <= most)) last.push(...group);
    else parts.push([...group]);
  }
  return parts.map((alerts) => ({ ...arrival, alerts }));
}

/** One answer for the parts of an arrival. */
export function mergeAccepted(answers: readonly Accepted[]): Accepted {
  if (answers.length === 1 && answers[0] !== undefined) return answers[0];
  const incidents = new Map<string, AcceptedIncident>();
  for (const incident of answers.flatMap((answer) => answer.incidents)) {
    const created = incident.created || (incidents.get(incident.id)?.created ?? false);
    incidents.set(incident.id, { ...incident, created });
  }
  return { incidents: [...incidents.values()] };
}
