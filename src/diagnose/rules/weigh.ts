import type { Cause } from '../diagnosis.ts';
import { startOf } from '../facts.ts';
import type { EvidencePack } from '../provider.ts';
import type { Subject } from '../subject.ts';
import { fill } from '../template.ts';
import { isGrowing, isRising } from './courses.ts';
import { suspects, troubles } from './changes.ts';
import type { RuleCause } from './family.ts';
import { type Heard, isAnswered } from './hear.ts';
import { type Settled, STRONG } from './settle.ts';

/** Rules know kinds of trouble, not this one: without a person's confirmation they are never surer than this. */
const SUREST = 0.6;
/** Of a cause for which nothing speaks although sources were asked and answered: no claim that anything is wrong. */
const SUREST_UNSEEN = 0.3;
/** What a cause gains when something speaks for it, and keeps when something speaks for another. */
const SIGN_GAIN = 0.25;
const NO_SIGN_SHARE = 0.6;
/** Of a rising metric or of a change alone, and of the alert's own words when others were asked too. */
const WEAK_GAIN = 0.15;
const OWN_GAIN = 0.1;
/** When a second source says so too. */
const SECOND_GAIN = 0.1;
/** A family recognised only by something the alert says, or by the evidence, may be the wrong one. */
const SHARES = { name: 1, title: 1, metric: 1, words: 0.8, evidence: 0.9 } as const;
/** Each source that could not be asked may have told otherwise. */
const GAP_SHARE = 0.9;
const MOST_GAPS = 2;
/** What is believed less than this is not cited. */
const LEAST_TRUST = 0.35;
const MOST_CITED = 4;
/** Below this the evidence only hints at the kind of trouble, and nobody else named it. */
const CLEAR = 1.6;

interface Weighed {
  readonly cause: RuleCause;
  readonly own: readonly Heard[];
  /** Signs beside the alert's own words, most trusted first. */
  readonly seen: readonly Heard[];
}

/** The causes of a family by what the alert and the evidence say of each, most likely first. */
export function weigh(
  pack: EvidencePack,
  settled: Settled,
  heard: readonly Heard[],
  subject: Subject,
): readonly Cause[] {
  const { family } = settled.match;
  const weighed = withChanges(
    family.causes.map((cause) => signsOf(cause, heard)),
    pack,
    heard,
  );
  const anySign = weighed.some(({ own, seen }) => own.length + seen.length > 0);
  const isBlind = !isAnswered(pack);
  const share = SHARES[settled.match.by] * gapShare(pack);
  return weighed
    .map((one) => {
      const gain = gainOf(one, isBlind);
      const base = one.cause.prior * (gain === 0 && anySign ? NO_SIGN_SHARE : 1) + gain;
      return {
        statement: fill(one.cause.text[pack.locale], subject),
        confidence: round(Math.min(SUREST, capOf(one, settled, isBlind), base * share)),
        evidenceIds: citedBy(one, pack, settled),
        key: `${family.id}/${one.cause.id}`,
      };
    })
    .toSorted((a, b) => b.confidence - a.confidence);
}

function signsOf(cause: RuleCause, heard: readonly Heard[]): Weighed {
  const fitting = heard.filter((one) => isSign(cause, one)).toSorted((a, b) => b.trust - a.trust);
  return {
    cause,
    own: fitting.filter(({ kind }) => kind === 'alert'),
    seen: fitting.filter(({ kind, trust }) => kind !== 'alert' && trust >= LEAST_TRUST),
  };
}

function isSign({ signs, rises, grows }: RuleCause, { kind, text }: Heard): boolean {
  if (kind === 'change' || kind === 'own') return false;
  if (kind !== 'metric') return signs?.test(text) === true;
  return (rises !== undefined && isRising(text, rises)) || (grows !== undefined && isGrowing(text, grows));
}

/**
 * A change speaks for a cause only when it was made to the same service within the hour before, trouble of it was seen
 * afterwards, and nothing was logged or found that speaks for another cause: an innocent release is always near.
 */
function withChanges(weighed: readonly Weighed[], pack: EvidencePack, heard: readonly Heard[]): readonly Weighed[] {
  const startedAt = startOf(pack);
  const changes = suspects(heard, pack, startedAt).filter(({ at }) => troubles(heard, at));
  return weighed.map((one) => {
    const { changed } = one.cause;
    const isTold = weighed.some((other) => other !== one && other.seen.some(isTelling));
    if (changed === undefined || (isTold && !one.seen.some(isTelling))) return one;
    return { ...one, seen: [...one.seen, ...changes.filter(({ text }) => changed.test(text))] };
  });
}

const isTelling = ({ kind }: Heard): boolean => kind === 'log' || kind === 'state';

function gainOf({ own, seen }: Weighed, isBlind: boolean): number {
  const [best] = seen
    .map((one) => (isTelling(one) ? SIGN_GAIN : WEAK_GAIN) * Math.min(1, one.trust + 0.2))
    .toSorted((a, b) => b - a);
  if (best === undefined) return own.length === 0 ? 0 : isBlind ? SIGN_GAIN : OWN_GAIN;
  const sources = new Set(seen.map(({ source }) => source));
  return best + (sources.size > 1 || own.length > 0 ? SECOND_GAIN : 0);
}

/** Hypotheses that no source bears out stay below a claim, unless the sources at least bear out the kind of trouble. */
function capOf({ seen }: Weighed, { match, support }: Settled, isBlind: boolean): number {
  const score = support?.score ?? 0;
  const isBorneOut = score >= STRONG || (seen.length > 0 && (match.by !== 'evidence' || score >= CLEAR));
  return isBlind || isBorneOut ? SUREST : SUREST_UNSEEN;
}

function citedBy({ own, seen }: Weighed, { evidence }: EvidencePack, { match, support }: Settled): readonly string[] {
  const rule = match.by === 'evidence' ? [] : evidence.filter(({ source }) => source === 'rule').map(({ id }) => id);
  const kind = match.by === 'evidence' || seen.length > 0 ? (support?.ids.slice(0, 2) ?? []) : [];
  return [...new Set([...seen.slice(0, MOST_CITED).map(({ id }) => id), ...own.map(({ id }) => id), ...kind, ...rule])];
}

function gapShare({ evidence }: EvidencePack): number {
  const failed = new Set(evidence.filter((item) => item.failed === true).map(({ source }) => source));
  return GAP_SHARE ** Math.min(MOST_GAPS, failed.size);
}

const round = (value: number): number => Math.round(value * 100) / 100;
