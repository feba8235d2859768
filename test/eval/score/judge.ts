import type { Cause } from '../../../src/diagnose/diagnosis.ts';
import { match } from '../../../src/diagnose/match.ts';
import type { Ran } from '../run.ts';
import type { Scenario } from '../scenario.ts';
import { baselineOf } from './baseline.ts';
import { type Recall, recallOf } from './recall.ts';

/** From here on a cause is a claim that something is wrong. */
const CLAIMED = 0.3;

/** How one scenario went. */
export interface Verdict {
  readonly id: string;
  readonly locale: Scenario['locale'];
  readonly expected: { readonly family: string | null; readonly status: Scenario['expected']['status'] };
  readonly got: { readonly family: string; readonly status: string; readonly confidence: number };
  readonly recall: Recall;
  readonly baseline: Recall;
  /** No rule knows the alert's name. */
  readonly unknownName: boolean;
  readonly rightFamily: boolean;
  /** Nothing was claimed to be wrong. */
  readonly abstained: boolean;
  /** Claims that must not be made, and were. */
  readonly forbidden: readonly string[];
  /** Innocent facts that the first cause rests on. */
  readonly misled: readonly string[];
  readonly failed: readonly string[];
  readonly tookMs: number;
}

export function judge(ran: Ran): Verdict {
  const { scenario, status, family, causes, evidence } = ran;
  return {
    id: scenario.id,
    locale: scenario.locale,
    expected: { family: scenario.expected.family, status: scenario.expected.status },
    got: { family, status, confidence: causes[0]?.confidence ?? 0 },
    recall: recallOf(scenario, evidence),
    baseline: recallOf(scenario, baselineOf(scenario)),
    unknownName: isUnknownName(scenario),
    rightFamily: status === 'ready' && family === scenario.expected.family,
    abstained: hasAbstained(ran),
    forbidden: forbiddenIn(ran),
    misled: misledBy(ran, causes[0]),
    failed: evidence.filter((one) => one.failed === true).map(({ title }) => title),
    tookMs: Math.round(ran.tookMs),
  };
}

export const hasAbstained = ({ status, causes }: Pick<Ran, 'status' | 'causes'>): boolean =>
  status === 'not_an_issue' || status === 'inconclusive' || causes.every(({ confidence }) => confidence <= CLAIMED);

/** By its name and title alone; a scenario of several alerts is known when one of them is. */
export const isUnknownName = ({ alert }: Scenario): boolean =>
  alert.every(
    ({ labels }) =>
      match({ title: labels['alertname'] ?? '', labels: { alertname: labels['alertname'] ?? '' } }) === undefined,
  );

/** What is said as a finding: the summary, and causes that are more than one of many thinkable ones. */
export function forbiddenIn({
  scenario,
  summary,
  causes,
}: Pick<Ran, 'scenario' | 'summary' | 'causes'>): readonly string[] {
  const claimed = causes.filter(({ confidence }) => confidence > CLAIMED).map(({ statement }) => statement);
  const said = [summary, ...claimed].join('\n').toLowerCase();
  return scenario.expected.forbidden.filter((claim) => said.includes(claim.toLowerCase()));
}

/** An item that holds a decisive fact besides is cited for that. */
export function misledBy(
  { scenario, evidence }: Pick<Ran, 'scenario' | 'evidence'>,
  cause: Cause | undefined,
): readonly string[] {
  const { red_herrings: herrings, must_cite: facts } = scenario.expected;
  const cited = evidence
    .filter(({ id, source }) => cause?.evidenceIds.includes(id) === true && source !== 'alert')
    .map(({ title, text }) => `${title}\n${text}`)
    .filter((text) => !facts.some((fact) => text.includes(fact)));
  return herrings.filter((herring) => cited.some((text) => text.includes(herring)));
}
