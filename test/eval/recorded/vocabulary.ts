import { type Scenario, linesOf } from '../scenario.ts';

/**
 * Words of a scenario's own recorded lines and of its services: what noise is made of, so that no word alone tells
 * the decisive line from the others.
 */
export function wordsOf(scenario: Scenario): readonly string[] {
  const text = linesOf(scenario)
    .map(({ line }) => line)
    .join(' ');
  const latin = text.match(/[A-Za-z][A-Za-z.]{3,30}/g) ?? [];
  const chinese = text.match(/[\u4e00-\u9fff]{2,6}/g) ?? [];
  return [...new Set([...latin, ...chinese, ...scenario.services])];
}
