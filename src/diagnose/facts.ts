import type { EpochMs } from '../types.ts';
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

const DAY_MS = 24 * 3_600_000;
const MINUTE_MS = 60_000;

/** When the first alert says that it began; a clock that is a day off is not believed. */
export function startOf({ incident, alerts }: Facts): EpochMs {
  const { openedAt } = incident;
  const told = alerts
    .flatMap(({ startsAt }) => (startsAt === undefined ? [] : [startsAt]))
    .filter((at) => at > openedAt - DAY_MS && at <= openedAt + MINUTE_MS);
  return Math.min(openedAt, ...told);
}
