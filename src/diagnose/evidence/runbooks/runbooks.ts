import type { Facts } from '../../ports.ts';
import { tokensIn, tokensOf } from '../../tokens.ts';
import { type Reason, fitOf, wantedOf } from './fits.ts';
import type { Ranking } from './ranking.ts';
import type { Runbook, Section } from './runbook.ts';
import { plainText, withSubsections } from './sections.ts';
import { type Shelf, type ShelfDeps, createShelf } from './shelf.ts';

/** A runbook found by words. */
export interface FoundRunbook {
  readonly runbook: Runbook;
  /** Where in it; absent when it is empty. */
  readonly section?: Section;
  /** The beginning of that section as plain lines, at most 600 characters. */
  readonly excerpt: string;
  /** 0 … 1. */
  readonly score: number;
}

/** A runbook that is for an incident. */
export interface MatchedRunbook extends FoundRunbook {
  readonly reason: Reason;
  /** The alert's own address of it. */
  readonly url?: string;
}

export interface Runbooks {
  /** Where they are looked for, as configured. */
  readonly folder: string;
  /** By path. */
  list(): Promise<readonly Runbook[]>;
  get(id: string): Promise<Runbook | undefined>;
  /** Best first, at most `limit` (3 when absent). */
  search(words: string, limit?: number): Promise<readonly FoundRunbook[]>;
  /** Best first, at most three; none when nothing fits. */
  forIncident(facts: Facts): Promise<readonly MatchedRunbook[]>;
  /** What could not be read, in words. */
  problems(): Promise<readonly string[]>;
}

const SHOWN = 3;
const MOST_WORDS = 500;
const MOST_EXCERPT = 600;
/** Below this, an incident and a text share what many share. */
const ENOUGH = 0.3;

const SCORES: Readonly<Record<Exclude<Reason, 'text'>, number>> = {
  alert: 1,
  url: 1,
  heading: 0.9,
  name: 0.85,
  labels: 0.7,
};

/** The runbooks of a folder: read when first asked for, and again when a file changes. */
export function createRunbooks(deps: ShelfDeps): Runbooks {
  const current = createShelf(deps);
  return {
    folder: deps.folder,
    list: async () => (await current()).runbooks,
    get: async (id) => (await current()).runbooks.find((one) => one.id === id),
    problems: async () => (await current()).problems,
    search: async (words, limit = SHOWN) => search(await current(), words, limit),
    forIncident: async (facts) => match(await current(), facts),
  };
}

function search({ runbooks, ranking }: Shelf, words: string, limit: number): readonly FoundRunbook[] {
  const said = words.trim().slice(0, MOST_WORDS);
  if (said === '') return [];
  const wanted = { names: [said], labels: [{}], urls: [] };
  const named = runbooks.flatMap((runbook) => {
    const fit = fitOf(runbook, wanted);
    return fit === undefined && runbook.id !== said.toLowerCase() ? [] : [{ runbook, score: 1, section: fit?.section }];
  });
  const query = tokensIn(said, MOST_WORDS);
  const taken = new Set(named.map(({ runbook }) => runbook.id));
  const ranked = ranking.rank(query).filter(({ runbook }) => !taken.has(runbook.id));
  return [...named, ...ranked].slice(0, limit).map((one) => withSection(one, ranking, query));
}

function match({ runbooks, ranking }: Shelf, facts: Facts): readonly MatchedRunbook[] {
  const wanted = wantedOf(facts);
  const query = tokensOf(facts.incident);
  const fitting = runbooks
    .flatMap((runbook) => {
      const fit = fitOf(runbook, wanted);
      return fit === undefined ? [] : [{ runbook, ...fit, score: SCORES[fit.reason] }];
    })
    .toSorted((a, b) => b.score - a.score)
    .slice(0, SHOWN);
  // Where one says that it is meant, words in common are no reason for another.
  const isMeant = fitting.some(({ reason }) => reason !== 'labels');
  const alike = isMeant ? [] : ranking.rank(query).filter(({ runbook, score }) => score >= ENOUGH && isForAll(runbook));
  const byWords = alike.map(({ runbook, score }) => ({
    runbook,
    reason: 'text' as const,
    score: score * SCORES.labels,
  }));
  return [...fitting, ...byWords].slice(0, SHOWN).map((one) => ({ ...one, ...withSection(one, ranking, query) }));
}

/** One that says what it is for has had its say. */
const isForAll = ({ alerts, labels }: Runbook): boolean => alerts.length + Object.keys(labels).length === 0;

interface Chosen {
  readonly runbook: Runbook;
  readonly score: number;
  readonly section?: Section | undefined;
}

function withSection({ runbook, score, section }: Chosen, ranking: Ranking, query: readonly string[]): FoundRunbook {
  const best = section ?? ranking.bestSection(runbook, query);
  if (best === undefined) return { runbook, score, excerpt: '' };
  const whole = withSubsections(runbook, best);
  return { runbook, score, section: whole, excerpt: plainText(whole.text, MOST_EXCERPT) };
}
