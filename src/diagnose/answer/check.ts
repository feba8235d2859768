import type { Severity } from '../../incident/alert.ts';
import type { Cause, Evidence } from '../diagnosis.ts';
import type { Draft, EvidencePack } from '../provider.ts';
import { GENERAL } from '../rules/general.ts';
import { causeKeyOf } from './cause-key.ts';
import { type Known, knownFrom } from './named.ts';
import type { Answer, AnsweredCause } from './schema.ts';
import { shownText } from './shown.ts';
import { stepsOf } from './steps.ts';
import { summaryOf } from './summary.ts';

export interface CheckOptions {
  /** Those that were offered to the model. */
  readonly runbookIds: readonly string[];
  /** Takes secrets out of what the model said. */
  readonly redact: (text: string) => string;
}

export interface CheckedAnswer {
  readonly draft: Draft;
  /** Claims struck: citations of what does not exist, causes that cite nothing, steps and runbooks nobody may offer. */
  readonly struck: number;
}

const MOST_CAUSES = 3;
const STATEMENT = 240;
/** Nothing is ever certain. */
const SUREST = 0.95;
/** Of one who has looked at one place only. */
const SUREST_OF_ONE = 0.85;
/** Of a cause that names what no evidence names. */
const SUREST_UNVERIFIED = 0.6;
/** Of a cause that rests on nothing. */
const SUREST_UNFOUNDED = 0.3;
/** Each kind of gap in the evidence takes its share, but never makes a supported cause look like no cause at all. */
const GAP_SHARE = 0.8;
const LEAST = 0.2;

/**
 * Holds a model's answer against the evidence it was given and makes of it what may be shown: clean text, causes with
 * citations that exist, confidence as far as the evidence goes, steps without commands. What is not borne out is struck or
 * marked. Pure: the same answer and evidence always give the same draft. Never throws.
 */
export function checkClaims(answer: Answer, pack: EvidencePack, options: CheckOptions): CheckedAnswer {
  const say = (text: string, max: number): string => shownText(text, { max, redact: options.redact });
  const known = knownFrom(pack);
  const causes = causesOf(answer.causes, pack, known, say);
  const steps = stepsOf(answer.steps, options);
  const status = statusOf(answer, pack.evidence, causes.list.length);
  const shown = status === 'ready' ? causes.list : [];
  return {
    draft: {
      status,
      family: pack.matched?.family.id ?? '',
      summary:
        summaryOf(say(answer.summary, 380), known, pack.locale) ||
        (shown[0]?.statement ?? GENERAL.unknown[pack.locale]),
      causes: shown,
      steps: status === 'not_an_issue' ? [] : steps.list,
      ...opinionOf(answer.severity, pack.incident.severity),
    },
    struck: causes.struck + steps.struck,
  };
}

/** "All is well" is no answer when every place that was asked failed to answer. */
function statusOf(answer: Answer, evidence: readonly Evidence[], causes: number): Draft['status'] {
  if (answer.not_an_issue) {
    const asked = evidence.filter(({ source }) => !TOLD.has(source));
    return asked.length > 0 && asked.every(({ failed }) => failed === true) ? 'inconclusive' : 'not_an_issue';
  }
  return answer.inconclusive || causes === 0 ? 'inconclusive' : 'ready';
}

/** Sources that are there whatever is asked. */
const TOLD: ReadonlySet<string> = new Set(['alert', 'rule', 'incident', 'runbook']);

const opinionOf = (said: Severity | null, is: Severity): Pick<Draft, 'severityOpinion'> =>
  said === null || said === is ? {} : { severityOpinion: said };

function causesOf(
  answered: readonly AnsweredCause[],
  pack: EvidencePack,
  known: Known,
  say: (text: string, max: number) => string,
): { readonly list: readonly Cause[]; readonly struck: number } {
  let struck = 0;
  const causes = new Map<string, Cause>();
  for (const { statement: raw, confidence, evidence_ids: ids } of answered) {
    const statement = say(raw, STATEMENT);
    const cited = citedBy(ids, pack.evidence);
    struck += cited.missing;
    const ofRule = causeKeyOf(statement, pack.matched);
    const key = causes.has(ofRule) ? causeKeyOf(statement, withoutCauses(pack.matched)) : ofRule;
    if (!/[\p{L}\p{N}]/u.test(statement) || causes.has(key)) struck += 1;
    else causes.set(key, weighed({ statement, confidence, key, cited: cited.items }, pack.evidence, known));
  }
  const list = [...causes.values()].toSorted((a, b) => b.confidence - a.confidence);
  const founded = list.filter(({ evidenceIds }) => evidenceIds.length > 0);
  const standing = (founded.length > 0 ? founded : list).slice(0, MOST_CAUSES);
  return { list: standing, struck: struck + list.length - standing.length };
}

const withoutCauses = (matched: EvidencePack['matched']): EvidencePack['matched'] =>
  matched === undefined ? undefined : { ...matched, family: { ...matched.family, causes: [] } };

/** Models write `E3`, `[E3]`, `e3`, `E3 (loki)`; anything else is no citation. */
function citedBy(ids: readonly string[], evidence: readonly Evidence[]) {
  const named = new Set(ids.map((id) => /^[\s[(#"'<]{0,4}(e\d{1,4})(?![\w-])/i.exec(id)?.[1]?.toUpperCase() ?? id));
  const items = evidence.filter(({ id }) => named.has(id));
  return { items, missing: named.size - items.length };
}

interface Claim {
  readonly statement: string;
  readonly confidence: number;
  readonly key: string;
  readonly cited: readonly Evidence[];
}

function weighed({ statement, confidence, key, cited }: Claim, evidence: readonly Evidence[], known: Known): Cause {
  // That somewhere did not answer shows nothing about what is there.
  const support = cited.filter(({ failed }) => failed !== true);
  const unfounded = support.length === 0;
  const unverified = unfounded || known.unknownIn(statement).length > 0;
  const sources = new Set(support.map(({ source }) => (source === 'rule' ? 'alert' : source)));
  const most = unfounded
    ? SUREST_UNFOUNDED
    : unverified
      ? SUREST_UNVERIFIED
      : sources.size < 2
        ? SUREST_OF_ONE
        : SUREST;
  const gaps = [evidence.some(({ cut }) => cut === true), evidence.some(({ failed }) => failed === true)];
  const lowered = gaps.filter(Boolean).reduce((now) => now * GAP_SHARE, confidence);
  return {
    statement,
    confidence: Math.round(Math.min(most, Math.max(lowered, Math.min(confidence, LEAST))) * 100) / 100,
    evidenceIds: cited.map(({ id }) => id),
    key,
    ...(unverified ? { unverified: true } : {}),
  };
}
