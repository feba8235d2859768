import { createHash } from 'node:crypto';
import type { Locale } from '../types.ts';
import type { Cause } from './diagnosis.ts';
import type { Verdict } from './ports.ts';
import type { Draft } from './provider.ts';
import { GENERAL } from './rules/general.ts';
import type { Similar } from './similar.ts';
import { fill } from './template.ts';
import { likeness, tokensOf } from './tokens.ts';

/** What is remembered that may bear on one incident. */
export interface Memory {
  readonly incidentId: string;
  readonly tokens: readonly string[];
  readonly verdicts: readonly Verdict[];
  readonly similar: readonly Similar[];
  /** Evidence that speaks of a past incident, by the incident's id. */
  readonly evidenceOf: ReadonlyMap<string, string>;
  /** Cited by a cause that nothing else speaks for. */
  readonly fallback: readonly string[];
  readonly locale: Locale;
}

/** A verdict teaches about incidents at least this like its own, 0 … 1. */
const ALIKE = 0.35;
/** How many verdicts the rule's own opinion is worth. */
const OPINION = 2;
/** Nothing is ever certain. */
const SUREST = 0.95;
/** Below this we would rather say that we do not know. */
const WORTH_SAYING = 0.15;
const MOST_CAUSES = 3;

/**
 * Lets what people said change a draft: confirmed causes of similar incidents rise, rejected ones sink, one rejected for
 * this very incident is gone, and causes written down when similar incidents were resolved become causes here. Pure.
 */
export function applyVerdicts(draft: Draft, memory: Memory): Draft {
  if (draft.status === 'not_an_issue') return draft;
  const votes = votesOf(memory);
  const known = [...draft.causes, ...recalled(draft, votes, memory)];
  const all = [...known, ...learnt(draft.family, known, memory)];
  const standing = all.filter(({ key }) => votes.get(key)?.get(memory.incidentId)?.verdict !== 'rejected');
  const causes = standing
    .map((cause) => weigh(cause, votes.get(cause.key), memory))
    .filter(({ confidence }) => confidence >= WORTH_SAYING)
    .toSorted((a, b) => b.confidence - a.confidence)
    .slice(0, MOST_CAUSES);
  if (causes.length > 0) return { ...draft, status: 'ready', causes, summary: summaryOf(draft, memory) };
  const summary = all.length > 0 ? GENERAL.rejected[memory.locale] : draft.summary;
  return { ...draft, status: 'inconclusive', causes: [], summary };
}

const summaryOf = (draft: Draft, { locale }: Memory): string =>
  draft.status === 'ready' ? draft.summary : GENERAL.recalled[locale];

interface Vote {
  readonly verdict: Verdict['verdict'];
  readonly cause: string;
  /** How much it counts here: how like its incident is to this one. */
  readonly weight: number;
}

/** The last word of each incident about each cause, for incidents like this one. */
function votesOf(memory: Memory): ReadonlyMap<string, ReadonlyMap<string, Vote>> {
  const votes = new Map<string, Map<string, Vote>>();
  for (const { incidentId, causeKey, cause, verdict, about } of memory.verdicts.toSorted((a, b) => a.at - b.at)) {
    const weight = incidentId === memory.incidentId ? 1 : likeness(memory.tokens, tokensOf(about));
    if (weight < ALIKE) continue;
    const ofCause = votes.get(causeKey) ?? new Map<string, Vote>();
    votes.set(causeKey, ofCause.set(incidentId, { verdict, cause, weight }));
  }
  return votes;
}

/** Smoothed share of agreement: each vote counts by its likeness, the rule's own confidence as two votes. */
function weigh(cause: Cause, votes: ReadonlyMap<string, Vote> | undefined, memory: Memory): Cause {
  const said = saidBefore(cause, memory);
  const cast = [...(votes?.values() ?? [])];
  const agreed = cast.filter(({ verdict }) => verdict === 'confirmed');
  if (cast.length === 0 && said.length === 0) return cause;
  const weights = (list: readonly { readonly weight: number }[]): number =>
    list.reduce((sum, { weight }) => sum + weight, 0);
  const confirmations = weights(agreed) + weights(said);
  const total = OPINION + weights(cast) + weights(said);
  const confidence = Math.min(SUREST, (cause.confidence * OPINION + confirmations) / total);
  const incidents = new Set([...(votes?.keys() ?? []), ...said.map(({ id }) => id)]);
  const evidenceIds = [...incidents].map((id) => memory.evidenceOf.get(id)).filter((id) => id !== undefined);
  return {
    ...cause,
    confidence: Math.round(confidence * 100) / 100,
    evidenceIds: [...new Set([...cause.evidenceIds, ...evidenceIds])],
    seen: incidents.size,
    confirmed: agreed.length,
  };
}

/** Similar incidents that were resolved with exactly this cause, unless their verdict is counted already. */
const saidBefore = (cause: Cause, { similar, verdicts }: Memory) =>
  similar
    .filter(({ incident }) => incident.cause !== undefined && sameWords(incident.cause, cause.statement))
    .filter(({ incident }) => !verdicts.some((v) => v.incidentId === incident.id && v.causeKey === cause.key))
    .map(({ incident, score }) => ({ id: incident.id, weight: score }));

/** Causes that people confirmed for incidents like this and that the provider did not think of. */
function recalled(
  draft: Draft,
  votes: ReadonlyMap<string, ReadonlyMap<string, Vote>>,
  memory: Memory,
): readonly Cause[] {
  const thought = new Set(draft.causes.map(({ key }) => key));
  return [...votes]
    .filter(
      ([key, ofCause]) => !thought.has(key) && [...ofCause.values()].some(({ verdict }) => verdict === 'confirmed'),
    )
    .map(([key, ofCause]) => ({
      key,
      statement: [...ofCause.values()].findLast(({ verdict }) => verdict === 'confirmed')?.cause ?? key,
      confidence: 0.3,
      evidenceIds: memory.fallback,
    }));
}

/** What people wrote when they resolved similar incidents: one cause for each different text, newest words first. */
function learnt(family: string, known: readonly Cause[], memory: Memory): readonly Cause[] {
  const causes = new Map<string, Cause>();
  for (const { incident, score } of memory.similar) {
    const { cause } = incident;
    if (cause === undefined || known.some(({ statement }) => sameWords(statement, cause))) continue;
    const key = saidKey(family, cause);
    const evidenceId = memory.evidenceOf.get(incident.id);
    const before = causes.get(key);
    if (known.some((one) => one.key === key) || evidenceId === undefined) continue;
    const values = new Map([
      ['id', incident.id],
      ['cause', cause.slice(0, 200)],
    ]);
    causes.set(key, {
      key,
      statement: before?.statement ?? fill(GENERAL.lastTime[memory.locale], values),
      confidence: before === undefined ? 0.2 + 0.4 * score : Math.min(0.8, before.confidence + 0.15 * score),
      evidenceIds: [...(before?.evidenceIds ?? []), evidenceId],
      seen: (before?.seen ?? 0) + 1,
      confirmed: 0,
    });
  }
  return [...causes.values()].map((cause) => ({ ...cause, confidence: Math.round(cause.confidence * 100) / 100 }));
}

/** Names a cause by its own words, whatever their case and punctuation. */
export const saidKey = (family: string, cause: string): string =>
  `${family === '' ? 'other' : family}/said-${createHash('sha256').update(plain(cause)).digest('hex').slice(0, 12)}`;

const sameWords = (a: string, b: string): boolean => plain(a) === plain(b);

const plain = (text: string): string =>
  text
    .toLowerCase()
    .replaceAll(/[\s\p{P}]+/gu, ' ')
    .trim();
