import type { Evidence } from '../../../src/diagnose/diagnosis.ts';
import type { Scenario } from '../scenario.ts';

export interface Recall {
  readonly found: readonly string[];
  readonly missed: readonly string[];
  /** Facts that the alert itself says, so that finding them is no merit. */
  readonly told: readonly string[];
}

/** Which of the facts that a diagnosis must cite are in the evidence, as they stand in the back ends. */
export function recallOf(scenario: Scenario, evidence: readonly Pick<Evidence, 'title' | 'query' | 'text'>[]): Recall {
  const all = evidence.map(({ title, query = '', text }) => `${title}\n${query}\n${text}`).join('\n');
  const alert = scenario.alert
    .map(({ labels, annotations, generatorExpr = '' }) =>
      [...Object.values(labels), ...Object.values(annotations), generatorExpr].join('\n'),
    )
    .join('\n');
  const { must_cite: facts } = scenario.expected;
  return {
    found: facts.filter((fact) => all.includes(fact)),
    missed: facts.filter((fact) => !all.includes(fact)),
    told: facts.filter((fact) => alert.includes(fact)),
  };
}

export interface Share {
  readonly hits: number;
  readonly of: number;
}

export const ratio = ({ hits, of }: Share): number => (of === 0 ? 1 : hits / of);

/** Of all facts together. */
export const shareOf = (recalls: readonly Recall[]): Share => ({
  hits: sum(recalls.map(({ found }) => found.length)),
  of: sum(recalls.map(({ found, missed }) => found.length + missed.length)),
});

/** Of those that the alert does not say itself. */
export const untoldShareOf = (recalls: readonly Recall[]): Share =>
  shareOf(
    recalls.map(({ found, missed, told }) => ({
      told: [],
      found: found.filter((fact) => !told.includes(fact)),
      missed: missed.filter((fact) => !told.includes(fact)),
    })),
  );

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
