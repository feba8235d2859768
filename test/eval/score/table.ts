import type { Verdict } from './judge.ts';
import { type Line, isMet } from './report.ts';

const shown = (value: number): string => (value > 2 ? String(Math.round(value)) : value.toFixed(3));

const limitText = ({ limit }: Line): string =>
  limit === undefined ? '' : 'least' in limit ? `≥ ${limit.least.toFixed(2)}` : `≤ ${limit.most.toFixed(2)}`;

/** The numbers as a Markdown table: what the command prints and what the documentation holds. */
export function markdownOf(lines: readonly Line[]): string {
  const limited = lines.some(({ limit }) => limit !== undefined);
  const rows = lines.map((line) => [
    line.name,
    shown(line.value),
    ...(limited ? [`${limitText(line)}${isMet(line) ? '' : ' **missed**'}`] : []),
    line.detail,
  ]);
  const head = ['', 'value', ...(limited ? ['limit'] : []), ''];
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** One line for each scenario in which something went wrong, and what. */
export const faultsOf = (verdicts: readonly Verdict[]): readonly string[] =>
  verdicts.flatMap((verdict) => {
    const { id, expected, got, recall, abstained, rightFamily, forbidden, misled, failed, unknownName } = verdict;
    const faults = [
      ...recall.missed.map((fact) => `not in the evidence: ${fact}`),
      ...(expected.status === 'ready' && !rightFamily
        ? [
            `${got.status} ${got.family || '(no family)'} instead of ${expected.family ?? ''}${unknownName ? ', a name no rule knows' : ''}`,
          ]
        : []),
      ...(expected.status !== 'ready' && !abstained
        ? [`claims ${got.family} (${got.confidence}) instead of ${expected.status}`]
        : []),
      ...forbidden.map((claim) => `must not claim: ${claim}`),
      ...misled.map((herring) => `rests on a red herring: ${herring}`),
    ];
    const unanswered = failed.length === 0 ? '' : ` [${failed.join('; ')}]`;
    return faults.length === 0 ? [] : [`${id}: ${faults.join(' · ')}${unanswered}`];
  });
