import type { Locale } from '../types.ts';
import { match, textOf } from './match.ts';
import { type Told, subjectOf } from './subject.ts';
import { fill } from './template.ts';

/**
 * What the label rules say for the very first card: what this is and, when the alert itself already tells, why. No
 * lines when no rule knows it. Pure, no search, well under 1 ms; label values appear as data and may hold anything.
 */
export function hintsFor(told: Told, locale: Locale): readonly string[] {
  const matched = match(told);
  if (matched === undefined) return [];
  const subject = subjectOf(told);
  const said = textOf(told);
  const cause = matched.family.causes.find(({ signs }) => signs?.test(said));
  const lines = [matched.family.hint, cause?.text].map((line) =>
    line === undefined ? '' : fill(line[locale], subject),
  );
  return lines.filter((line) => line !== '');
}
