import { type Match, match } from './match.ts';
import type { Facts } from './ports.ts';
import type { Told } from './subject.ts';

/** The incident's alerts as rules see them; the incident itself when it has none. */
export const toldOf = ({ incident, alerts }: Pick<Facts, 'incident' | 'alerts'>): readonly Told[] =>
  alerts.length > 0 ? alerts : [incident];

/** What the rules recognise in an incident: the first of its alerts that belongs to a family. */
export function recognise(facts: Facts): Match | undefined {
  for (const told of toldOf(facts)) {
    const matched = match(told);
    if (matched !== undefined) return matched;
  }
  return undefined;
}
