import type { Locale } from '../../types.ts';
import type { Step } from '../diagnosis.ts';
import { toldOf } from '../facts.ts';
import type { Draft, EvidencePack, Provider } from '../provider.ts';
import { type Calm, calmByEvidence, calmByItself } from '../rules/calm.ts';
import type { RuleStep } from '../rules/family.ts';
import { GENERAL } from '../rules/general.ts';
import { hear } from '../rules/hear.ts';
import { settle, supports } from '../rules/settle.ts';
import { weigh } from '../rules/weigh.ts';
import { type Subject, subjectOf } from '../subject.ts';
import { fill, fillCommand } from '../template.ts';

/** The provider that is always there: knows twenty families of alerts, needs no network, answers at once. */
export const createRules = (): Provider => ({
  name: 'rules',
  promptVersion: 'rules.v1',
  diagnose: async (pack) => draftOf(pack),
});

/**
 * What the alert and the evidence come to: whether anything is wrong, which kind of trouble it is, and how much speaks
 * for each of its causes. Pure: the same evidence always gives the same draft; at most a few milliseconds.
 */
export function draftOf(pack: EvidencePack): Draft {
  const { matched, locale } = pack;
  const byItself = calmByItself(pack);
  if (byItself !== undefined) return nothingWrong(byItself, pack);
  const heard = hear(pack);
  const all = supports(pack, heard);
  const calm = calmByEvidence(pack, heard, all);
  if (calm !== undefined) return nothingWrong(calm, pack);
  const subject = subjectOf(toldOf(pack)[0] ?? pack.incident);
  const settled = settle(matched, all);
  if (settled === undefined) return inconclusive(pack, subject);
  const { family } = settled.match;
  return {
    status: 'ready',
    family: family.id,
    summary: fill(family.summary[locale], subject),
    causes: weigh(pack, settled, heard, subject),
    steps: stepsOf(family.steps, subject, locale),
  };
}

const nothingWrong = ({ kind, said = '' }: Calm, { matched, locale }: EvidencePack): Draft => ({
  status: 'not_an_issue',
  family: matched?.family.id ?? '',
  summary: fill(GENERAL[kind][locale], new Map([['said', said]])),
  causes: [],
  steps: [],
});

const inconclusive = ({ locale }: EvidencePack, subject: Subject): Draft => ({
  status: 'inconclusive',
  family: '',
  summary: fill(GENERAL.unknown[locale], subject),
  causes: [],
  steps: stepsOf(GENERAL.steps, subject, locale),
});

function stepsOf(steps: readonly RuleStep[], subject: Subject, locale: Locale): readonly Step[] {
  return steps.map(({ text, risk, command }) => {
    const filled = command === undefined ? undefined : fillCommand(command, subject);
    return { text: fill(text[locale], subject), risk, ...(filled === undefined ? {} : { command: filled }) };
  });
}
