import type { Verdict } from '../ports.ts';
import type { LikeVerdict } from './likest.ts';

/** Of each kind: many confirmations are not to hide what was wrong. */
const MOST_OF_A_KIND = 4;

/**
 * What a model is shown of people's verdicts: the last word about each cause of each incident, of the likest incidents
 * first, those with a reason before those of the same likeness without; at most four confirmed and four rejected.
 */
export function examplesFor({ verdicts }: { readonly verdicts: readonly LikeVerdict[] }): readonly Verdict[] {
  const last = new Map<string, LikeVerdict>();
  for (const verdict of verdicts.toSorted((a, b) => a.at - b.at))
    last.set(JSON.stringify([verdict.incidentId, verdict.causeKey]), verdict);
  const ordered = [...last.values()].toSorted(
    (a, b) => b.likeness - a.likeness || reasoned(b) - reasoned(a) || b.at - a.at,
  );
  const kept = new Set(
    (['rejected', 'confirmed'] as const).flatMap((kind) =>
      ordered.filter(({ verdict }) => verdict === kind).slice(0, MOST_OF_A_KIND),
    ),
  );
  return ordered.filter((verdict) => kept.has(verdict));
}

const reasoned = ({ reason = '' }: Verdict): number => (reason === '' ? 0 : 1);
