import type { Locale } from '../../types.ts';
import type { Cause, Step } from '../diagnosis.ts';
import { toldOf } from '../facts.ts';
import { type Match, nameOf, textOf } from '../match.ts';
import type { Draft, EvidencePack, Provider } from '../provider.ts';
import { GENERAL } from '../rules/general.ts';
import type { RuleCause, RuleStep } from '../rules/family.ts';
import { type Subject, subjectOf } from '../subject.ts';
import { fill, fillCommand } from '../template.ts';

/** Rules know kinds of trouble, not this one: without a person's confirmation they are never surer than this. */
const SUREST = 0.6;
/** What a cause gains when the alert itself speaks for it, and keeps when the alert speaks for another. */
const SIGN_GAIN = 0.25;
const NO_SIGN_SHARE = 0.6;
/** A family recognised only by something the alert says may be the wrong one. */
const WORDS_SHARE = 0.8;

/** The provider that is always there: knows twenty families of alerts, needs no network, answers at once. */
export const createRules = (): Provider => ({
  name: 'rules',
  promptVersion: 'rules.v1',
  diagnose: async (pack) => draftOf(pack),
});

/** Pure: the same evidence always gives the same draft. */
export function draftOf(pack: EvidencePack): Draft {
  const { matched, locale } = pack;
  const family = matched?.family.id ?? '';
  const calm = calmOf(pack);
  if (calm !== undefined)
    return { status: 'not_an_issue', family, summary: GENERAL[calm][locale], causes: [], steps: [] };
  const subject = subjectOf(toldOf(pack)[0] ?? pack.incident);
  if (matched === undefined) return inconclusive(pack, subject);
  return {
    status: 'ready',
    family,
    summary: fill(matched.family.summary[locale], subject),
    causes: causesOf(matched, pack, subject),
    steps: stepsOf(matched.family.steps, subject, locale),
  };
}

const inconclusive = ({ locale }: EvidencePack, subject: Subject): Draft => ({
  status: 'inconclusive',
  family: '',
  summary: fill(GENERAL.unknown[locale], subject),
  causes: [],
  steps: stepsOf(GENERAL.steps, subject, locale),
});

/** Which kind of nothing this is: a sender's test, a heartbeat doing its work, or a notice its sender calls a notice. */
function calmOf({ incident, alerts, matched }: EvidencePack): 'test' | 'heartbeat' | 'notice' | undefined {
  const told = toldOf({ incident, alerts });
  if (told.every((alert) => TEST.test(nameOf(alert)) || TEST.test(alert.title))) return 'test';
  if (matched?.family.id === 'dead_mans_switch' && matched.by !== 'words' && incident.severity !== 'critical') {
    return told.some((alert) => HEARTBEAT.test(nameOf(alert)) && !SILENT.test(textOf(alert))) ? 'heartbeat' : undefined;
  }
  const notices = alerts.filter(({ severity, severityRaw }) => severity === 'info' && severityRaw !== undefined);
  return alerts.length > 0 && notices.length === alerts.length ? 'notice' : undefined;
}

const TEST = /^\s*\[?(test(ing)?([\s_-]?alert|[\s_-]?notification)?|测试(告警|消息|通知)?|告警测试)\]?\s*$/i;
const HEARTBEAT = /^(watchdog|dead_?man'?s?_?switch|infoinhibitor)$/i;
const SILENT = /silent|missing|absent|lost|stopped|中断|丢失|失联|沉默|静默/i;

function causesOf({ family, by }: Match, pack: EvidencePack, subject: Subject): readonly Cause[] {
  const share = by === 'words' ? WORDS_SHARE : 1;
  const cited = citedBy(pack, family.causes);
  const anySign = cited.some(({ signs }) => signs.length > 0);
  return cited
    .map(({ cause, signs }) => {
      const weight = signs.length > 0 ? cause.prior + SIGN_GAIN : cause.prior * (anySign ? NO_SIGN_SHARE : 1);
      return {
        statement: fill(cause.text[pack.locale], subject),
        confidence: round(Math.min(SUREST, weight * share)),
        evidenceIds: [...new Set([...signs, ...idsOf(pack, 'rule')])],
        key: `${family.id}/${cause.id}`,
      };
    })
    .toSorted((a, b) => b.confidence - a.confidence);
}

/** Which alerts speak for each cause, as ids of their evidence. */
function citedBy(pack: EvidencePack, causes: readonly RuleCause[]) {
  const ids = idsOf(pack, 'alert');
  const said = toldOf(pack).slice(0, ids.length).map(textOf);
  return causes.map((cause) => ({
    cause,
    signs: ids.filter((_id, index) => cause.signs?.test(said[index] ?? '') === true),
  }));
}

const idsOf = ({ evidence }: EvidencePack, source: string): readonly string[] =>
  evidence.filter((item) => item.source === source).map(({ id }) => id);

function stepsOf(steps: readonly RuleStep[], subject: Subject, locale: Locale): readonly Step[] {
  return steps.map(({ text, risk, command }) => {
    const filled = command === undefined ? undefined : fillCommand(command, subject);
    return { text: fill(text[locale], subject), risk, ...(filled === undefined ? {} : { command: filled }) };
  });
}

const round = (value: number): number => Math.round(value * 100) / 100;
