import type { EpochMs, Labels } from '../../../types.ts';
import { fieldsOf, listOf, stringOf } from '../wire.ts';

/** One alert that fires, untrusted. */
export interface Firing {
  readonly labels: Labels;
  readonly summary: string;
  readonly startsAt: EpochMs;
}

const MOST_ALERTS = 5000;

/** Reads the list of `/api/v2/alerts`; what is none of its alerts is left out. */
export const readFiring = (body: unknown): readonly Firing[] =>
  listOf(body)
    .slice(0, MOST_ALERTS)
    .flatMap((one): readonly Firing[] => {
      const { labels, annotations, startsAt } = fieldsOf(one);
      const named = stringsOf(labels);
      const at = Date.parse(stringOf(startsAt));
      if (Object.keys(named).length === 0 || Number.isNaN(at)) return [];
      const said = stringsOf(annotations);
      return [
        { labels: named, summary: said['summary'] ?? said['description'] ?? said['message'] ?? '', startsAt: at },
      ];
    });

function stringsOf(value: unknown): Labels {
  const strings: Record<string, string> = Object.create(null);
  for (const [name, one] of Object.entries(fieldsOf(value))) if (typeof one === 'string') strings[name] = one;
  return strings;
}
