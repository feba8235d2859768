import { setImmediate as turn } from 'node:timers/promises';
import type { Clock, EpochMs } from '../../../types.ts';
import { type Found, readFound, walkRunbooks } from './folder.ts';
import { type Parsed, parseRunbook, withDigest } from './parse.ts';
import { type Ranking, createRanking } from './ranking.ts';
import type { Runbook } from './runbook.ts';

/** What the folder holds. */
export interface Shelf {
  /** By path. */
  readonly runbooks: readonly Runbook[];
  /** What could not be read, in words. */
  readonly problems: readonly string[];
  readonly ranking: Ranking;
}

/** Looking at every file's time costs a few ms; nobody notices that an edit counts a little later. */
const FRESH_MS = 5000;

export interface ShelfDeps {
  /** A folder that is not there holds no runbooks and is no fault. */
  readonly folder: string;
  readonly clock: Clock;
  /** Told of what cannot be read, once while it lasts. */
  readonly report?: (problem: string) => void;
}

/** What the folder holds now, looked at anew at most every few seconds and by one caller at a time. */
export function createShelf({ folder, clock, report }: ShelfDeps): () => Promise<Shelf> {
  const known = new Map<string, Known>();
  let shelf: Shelf | undefined;
  let lookedAt: EpochMs = 0;
  let looking: Promise<Shelf> | undefined;

  async function look(): Promise<Shelf> {
    const walked = await walkRunbooks(folder).catch((error: unknown) => ({
      found: [],
      problems: [wordsOf(error, folder)],
    }));
    const { parsed, problems, changed } = await readChanged(walked.found, known);
    if (shelf === undefined || changed) shelf = { ...shelve(parsed), problems: shelf?.problems ?? [] };
    const told = new Set(shelf.problems);
    shelf = { ...shelf, problems: [...walked.problems, ...problems] };
    for (const problem of shelf.problems) if (!told.has(problem)) report?.(problem);
    lookedAt = clock.now();
    return shelf;
  }

  return () => {
    const age = clock.now() - lookedAt;
    if (shelf !== undefined && age >= 0 && age < FRESH_MS) return Promise.resolve(shelf);
    looking ??= look().finally(() => (looking = undefined));
    return looking;
  };
}

const wordsOf = (error: unknown, place: string): string =>
  `${place}: ${error instanceof Error ? error.message : 'cannot be read'}`;

interface Known {
  readonly version: string;
  readonly parsed: Parsed;
}

async function readChanged(found: readonly Found[], known: Map<string, Known>) {
  const problems: string[] = [];
  let changed = false;
  for (const file of found) {
    if (known.get(file.path)?.version === file.version) continue;
    changed = true;
    known.delete(file.path);
    try {
      known.set(file.path, { version: file.version, parsed: await parseRunbook(await readFound(file)) });
    } catch (error) {
      problems.push(wordsOf(error, file.path));
    }
    // A large folder takes a while: others get their turn in between.
    await turn();
  }
  const paths = new Set(found.map(({ path }) => path));
  for (const path of known.keys()) if (!paths.has(path)) changed = known.delete(path);
  const parsed = found.flatMap(({ path }) => known.get(path)?.parsed ?? []);
  return { parsed, changed, problems: [...problems, ...parsed.flatMap(({ problem }) => problem ?? [])] };
}

function shelve(parsed: readonly Parsed[]): Omit<Shelf, 'problems'> {
  const taken = new Set<string>();
  const runbooks = parsed.map(({ runbook }) => {
    const id = taken.has(runbook.id) ? withDigest(runbook.id, runbook.path) : runbook.id;
    taken.add(id);
    return { ...runbook, id };
  });
  return { runbooks, ranking: createRanking(runbooks) };
}
