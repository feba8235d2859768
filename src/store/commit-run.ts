import { setTimeout as delay } from 'node:timers/promises';
import { StorageUnavailable } from '../errors.ts';
import type { Accepted, Arrival } from '../incident/ports.ts';
import type { Item, Part, Work } from './commit-queue.ts';
import { apart, stepsOf } from './commit-steps.ts';
import type { AcceptAlone, Database, Hint, Trx } from './database.ts';
import { StorageCorrupt, isConflict } from './faults.ts';
import { asGeneric } from './generic.ts';

export interface RunDeps {
  readonly database: Database;
  /** Stores all arrivals, in order, in the given transaction; one answer for each. */
  readonly acceptBatch: (trx: Trx, arrivals: readonly Arrival[]) => Promise<readonly Accepted[]>;
  /** For a batch of nothing but arrivals. */
  readonly acceptAlone?: AcceptAlone;
  /** What an arrival becomes when it could not be stored even alone; without it, `generic.ts`'s. */
  readonly asGeneric?: (arrival: Arrival) => Arrival;
  readonly random: () => number;
  /** Told how long it took to decide and store so many alerts, ms, without the transaction's beginning and commit. */
  readonly stored: (alerts: number, ms: number) => void;
  /** Told at once after each commit what its transaction hinted, each hint once. Must not throw. */
  readonly announce: (hints: readonly Hint[]) => void;
}

type Outage = StorageUnavailable | StorageCorrupt;

/** What became of a run: `left` was not taken up, `outage` is why all else has been rejected. */
export interface Run {
  readonly left: readonly Item[];
  readonly outage?: Outage;
}

const CONFLICT_TRIES = 5;
/** Of the one connection of SQLite: works that have held it for so long leave the rest to another turn. */
const HOLD_MS = 8;

/**
 * Runs items in one transaction. A conflict runs the whole again; any other fault takes the item it came from out, to
 * run alone, and the others go on together. An outage of the storage rejects everything left, at once.
 */
export function createRunner(deps: RunDeps) {
  const plainly = deps.asGeneric ?? asGeneric;
  const plain = new WeakSet<Part>();
  /** Every item's caller has been answered when it resolves, those of what is left excepted. */
  async function run(items: readonly Item[]): Promise<Run> {
    const left: Item[] = [];
    const groups: (readonly Item[])[] = [items];
    for (let group = groups.shift(); group !== undefined; group = groups.shift()) {
      const end = await together(group);
      if (end.kind === 'stored') {
        left.push(...end.left);
        continue;
      }
      if (end.error instanceof StorageUnavailable || end.error instanceof StorageCorrupt) {
        for (const item of [group, ...groups].flat()) item.reject(end.error);
        return { left, outage: end.error };
      }
      if (group.length > 1) groups.unshift(...apart(group, end.culprits));
      else groups.unshift(...plainer(group, end.error));
    }
    return { left };
  }

  /** One item failed by itself: an arrival gets a last chance as something plainer, a work's caller gets the error. */
  function plainer([item]: readonly Item[], error: unknown): readonly (readonly Item[])[] {
    if (item === undefined) return [];
    if (item.kind === 'arrival' && !plain.has(item)) {
      try {
        const last = { ...item, arrival: plainly(item.arrival) };
        plain.add(last);
        return [[last]];
      } catch {
        // Even that is beyond it; the caller hears of the first fault.
      }
    }
    item.reject(error);
    return [];
  }

  async function together(items: readonly Item[]): Promise<End> {
    for (let tries = 1; ; tries += 1) {
      const end = await transact(deps, items);
      if (end.kind === 'stored' || tries === CONFLICT_TRIES || !isConflict(end.error)) return end;
      await delay(deps.random() * 5 * 2 ** tries);
    }
  }

  return { run };
}

type End =
  | { readonly kind: 'stored'; readonly left: readonly Item[] }
  /** `culprits` ran when it failed; empty when the commit itself did. */
  | { readonly kind: 'failed'; readonly error: unknown; readonly culprits: readonly Item[] };

async function transact(
  { database, acceptBatch, acceptAlone, announce, stored }: RunDeps,
  items: readonly Item[],
): Promise<End> {
  let culprits: readonly Item[] = [];
  const hints: Hint[] = [];
  const answers: (() => void)[] = [];
  const parts = items.filter((item) => item.kind === 'arrival');
  let left: readonly Item[] = [];
  try {
    if (acceptAlone !== undefined && parts.length === items.length) {
      culprits = parts;
      const { accepted, ms, ...said } = await acceptAlone(parts.map(({ arrival }) => arrival));
      hints.push(...said.hints);
      answers.push(...answersTo(parts, accepted));
      stored(alertsOf(parts), ms);
    } else {
      await database.transaction(async (db) => {
        const trx: Trx = { db, engine: database.engine, hint: (hint) => void hints.push(hint) };
        const steps = stepsOf(items);
        const holdMs = acceptAlone === undefined ? Infinity : HOLD_MS;
        const done = await runSteps(steps, holdMs, async (step) => {
          culprits = step;
          answers.push(...(await runStep(trx, step, { acceptBatch, stored })));
        });
        left = steps.slice(done).flat();
        culprits = [];
      });
    }
  } catch (error) {
    return { kind: 'failed', error, culprits };
  }
  if (hints.length > 0) announce(distinct(hints));
  for (const answer of answers) answer();
  return { kind: 'stored', left };
}

/** In order, until works have taken `holdMs`; at least one work, so that there is an end to them. How many it were. */
async function runSteps(
  steps: readonly (readonly Item[])[],
  holdMs: number,
  run: (step: readonly Item[]) => Promise<void>,
): Promise<number> {
  const startedAt = performance.now();
  for (const [at, step] of steps.entries()) {
    await run(step);
    if (step[0]?.kind === 'work' && performance.now() - startedAt >= holdMs) return at + 1;
  }
  return steps.length;
}

const answersTo = (parts: readonly Part[], accepted: readonly Accepted[]): (() => void)[] =>
  parts.map((part, at) => () => part.resolve(accepted[at] ?? { incidents: [] }));

const alertsOf = (parts: readonly Part[]): number => parts.reduce((sum, { arrival }) => sum + arrival.alerts.length, 0);

/** What is to be said to the step's callers once the transaction is committed. */
async function runStep(
  trx: Trx,
  step: readonly Item[],
  { acceptBatch, stored }: Pick<RunDeps, 'acceptBatch' | 'stored'>,
): Promise<(() => void)[]> {
  const parts = step.filter((item) => item.kind === 'arrival');
  if (parts.length > 0) {
    const startedAt = performance.now();
    const accepted = await acceptBatch(
      trx,
      parts.map(({ arrival }) => arrival),
    );
    stored(alertsOf(parts), performance.now() - startedAt);
    return answersTo(parts, accepted);
  }
  const works = step.filter((item): item is Work => item.kind === 'work');
  const answers: (() => void)[] = [];
  for (const item of works) {
    await item.work(trx);
    answers.push(item.resolve);
  }
  return answers;
}

/** Of several about one thing the earliest time, which is the only one that matters. */
function distinct(hints: readonly Hint[]): readonly Hint[] {
  const known = new Map<string, Hint>();
  for (const hint of hints) {
    const key = `${hint.kind} ${hint.id}`;
    const other = known.get(key);
    if (other?.kind === 'due' && hint.kind === 'due' && other.at <= hint.at) continue;
    known.set(key, hint);
  }
  return [...known.values()];
}
