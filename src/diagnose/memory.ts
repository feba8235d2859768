import type { Labels, Locale } from '../types.ts';
import type { Cause } from './diagnosis.ts';
import { isHarmless } from './memory/harmless.ts';
import type { LikeVerdict } from './memory/likest.ts';
import { type ToldCause, createToldCauses, sameCause, saidKey } from './memory/same-cause.ts';
import type { Draft } from './provider.ts';
import { GENERAL } from './rules/general.ts';
import type { Similar } from './similar.ts';
import { fill } from './template.ts';
import { tokensIn } from './tokens.ts';

/** What is remembered that may bear on one incident. */
export interface Memory {
  readonly incidentId: string;
  /** Of the incident: they name what it is about. */
  readonly labels: Labels;
  readonly tokens: readonly string[];
  /** About incidents like this one, of the likest first. */
  readonly verdicts: readonly LikeVerdict[];
  readonly similar: readonly Similar[];
  /** Evidence that speaks of a past incident, by the incident's id. */
  readonly evidenceOf: ReadonlyMap<string, string>;
  /** Cited by a cause that nothing else speaks for. */
  readonly fallback: readonly string[];
  readonly locale: Locale;
}

/** How many confirmations the provider's own opinion is worth. */
const OPINION = 2;
/** What a rejection weighs against a confirmation: somebody looked, and it was not so. */
const REJECTION = 2;
/** Nothing is ever certain. */
const SUREST = 0.95;
/** Below this we would rather say that we do not know. */
const WORTH_SAYING = 0.15;
const MOST_CAUSES = 3;

/**
 * Lets what people said change a draft: confirmed causes of similar incidents rise, rejected ones sink, one rejected for
 * this very incident is gone, and causes written down when similar incidents were resolved become causes here. A cause
 * is the same in other words too. Pure.
 */
export function applyVerdicts(draft: Draft, memory: Memory): Draft {
  if (draft.status === 'not_an_issue') return draft;
  const recalling = recall(memory);
  const known = [...draft.causes, ...recalled(draft.causes, recalling, memory)];
  const all = [...known, ...learnt(known, recalling, memory)];
  const causes = all
    .map((cause) => ({ cause, said: recalling.about(cause) }))
    .filter(({ said }) => said.votes.get(memory.incidentId)?.verdict !== 'rejected')
    .map(({ cause, said }) => weigh(cause, said, memory))
    .filter(({ confidence }) => confidence >= WORTH_SAYING)
    .toSorted((a, b) => b.confidence - a.confidence)
    .slice(0, MOST_CAUSES);
  if (isHarmless(causes, draft)) {
    return { ...draft, status: 'not_an_issue', causes: [], steps: [], summary: causes[0]?.statement ?? '' };
  }
  if (causes.length > 0) return { ...draft, status: 'ready', causes, summary: summaryOf(draft, memory) };
  const summary = all.length > 0 ? GENERAL.rejected[memory.locale] : draft.summary;
  return { ...draft, status: 'inconclusive', causes: [], summary };
}

const summaryOf = (draft: Draft, { locale }: Memory): string =>
  draft.status === 'ready' ? draft.summary : GENERAL.recalled[locale];

/** What people said about one cause. */
interface SaidAbout {
  /** The last word of each incident. */
  readonly votes: ReadonlyMap<string, LikeVerdict>;
  /** Similar incidents that were resolved with it and have no vote. */
  readonly written: readonly Similar[];
}

interface Recalling {
  about(cause: Pick<Cause, 'key' | 'statement'>): SaidAbout;
  same(a: Pick<Cause, 'key' | 'statement'>, b: Pick<Cause, 'key' | 'statement'>): boolean;
}

function recall({ verdicts, similar, labels }: Memory): Recalling {
  const { told } = createToldCauses(new Set(tokensIn(Object.values(labels).join('\n'), 200)));
  const cast = verdicts
    .toSorted((a, b) => a.at - b.at)
    .map((verdict) => ({ verdict, cause: told(verdict.causeKey, verdict.cause) }));
  const written = similar.flatMap((one) => {
    const { cause } = one.incident;
    return cause === undefined ? [] : [{ one, cause: told(saidKey(cause), cause) }];
  });
  const about = (cause: ToldCause): SaidAbout => {
    const votes = new Map(
      cast.filter((one) => sameCause(one.cause, cause)).map(({ verdict }) => [verdict.incidentId, verdict] as const),
    );
    return {
      votes,
      written: written
        .filter((one) => sameCause(one.cause, cause) && !votes.has(one.one.incident.id))
        .map(({ one }) => one),
    };
  };
  return {
    about: ({ key, statement }) => about(told(key, statement)),
    same: (a, b) => sameCause(told(a.key, a.statement), told(b.key, b.statement)),
  };
}

/** Smoothed share of agreement: each vote counts by how like its incident is, the provider's own confidence as two. */
function weigh(cause: Cause, { votes, written }: SaidAbout, memory: Memory): Cause {
  // What was learnt from them alone is not confirmed by them once more.
  const others = cause.seen === undefined ? written : [];
  const cast = [...votes.values()];
  if (cast.length === 0 && others.length === 0) return cause;
  const agreed = cast.filter(({ verdict }) => verdict === 'confirmed');
  const refused = cast.filter(({ verdict }) => verdict === 'rejected');
  const confirmations = sum(agreed.map(({ likeness }) => likeness)) + sum(others.map(({ score }) => score));
  const total = OPINION + confirmations + REJECTION * sum(refused.map(({ likeness }) => likeness));
  const confidence = Math.min(SUREST, (cause.confidence * OPINION + confirmations) / total);
  const incidents = new Set([...votes.keys(), ...written.map(({ incident }) => incident.id)]);
  const evidenceIds = [...incidents].map((id) => memory.evidenceOf.get(id)).filter((id) => id !== undefined);
  return {
    ...cause,
    confidence: round(confidence),
    evidenceIds: [...new Set([...cause.evidenceIds, ...evidenceIds])],
    seen: incidents.size,
    confirmed: agreed.length,
  };
}

/** Causes that people confirmed for incidents like this and that the provider did not think of. */
function recalled(thought: readonly Cause[], { same }: Recalling, memory: Memory): readonly Cause[] {
  const causes: Cause[] = [];
  for (const { verdict, causeKey, cause } of memory.verdicts) {
    const one = { key: causeKey, statement: cause, confidence: 0.3, evidenceIds: memory.fallback };
    if (verdict !== 'confirmed' || [...thought, ...causes].some((known) => same(known, one))) continue;
    causes.push(one);
  }
  return causes;
}

/** What people wrote when they resolved similar incidents: one cause for all texts that say the same, the likest's words. */
function learnt(known: readonly Cause[], { same }: Recalling, memory: Memory): readonly Cause[] {
  const causes: Cause[] = [];
  for (const { incident, score } of memory.similar) {
    const { id, cause } = incident;
    const evidenceId = memory.evidenceOf.get(id);
    if (cause === undefined || evidenceId === undefined) continue;
    const one = { key: saidKey(cause), statement: cause };
    if (known.some((other) => same(other, one))) continue;
    const at = causes.findIndex((other) => same(other, one));
    const before = causes[at];
    if (before === undefined)
      causes.push({ ...one, ...first(id, cause, score, memory.locale), evidenceIds: [evidenceId] });
    else causes[at] = { ...before, ...again(before, score), evidenceIds: [...before.evidenceIds, evidenceId] };
  }
  return causes;
}

const first = (id: string, cause: string, score: number, locale: Locale) => ({
  statement: fill(
    GENERAL.lastTime[locale],
    new Map([
      ['id', id],
      ['cause', cause.slice(0, 200)],
    ]),
  ),
  confidence: round(0.3 + 0.3 * score),
  seen: 1,
  confirmed: 0,
});

const again = ({ confidence, seen = 0 }: Cause, score: number) => ({
  confidence: round(Math.min(0.8, confidence + 0.15 * score)),
  seen: seen + 1,
});

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
const round = (value: number): number => Math.round(value * 100) / 100;
