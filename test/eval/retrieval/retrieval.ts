import { join } from 'node:path';
import type { IncidentId } from '../../../src/incident/incident.ts';
import type { Locale } from '../../../src/types.ts';
import { openBot } from '../bot.ts';
import type { Pairs } from './pairs.ts';

export interface Retrieved {
  readonly id: string;
  readonly locale: Locale;
  /** Place of the first right one, from 1; none when it was not shown. */
  readonly rank?: number;
  /** What stood first. */
  readonly first?: string;
}

const DAY_MS = 86_400_000;
const START = Date.parse('2025-06-01T08:00:00Z');

/** Stores and closes the incidents of the past, then opens each query as an incident and reads which ones its diagnosis shows. */
export async function retrieve({ past, queries }: Pairs, folder: string): Promise<readonly Retrieved[]> {
  const bot = await openBot(join(folder, 'retrieval'), {});
  try {
    bot.time.now = START;
    const names = new Map<IncidentId, string>();
    for (const { id, cause, ...words } of past) {
      const incident = await bot.open(words);
      names.set(incident, id);
      bot.time.now += DAY_MS;
      await bot.resolve(incident, cause);
    }
    const found: Retrieved[] = [];
    for (const { id, locale, expected, ...words } of queries) {
      bot.time.now += DAY_MS;
      const incident = await bot.open(words);
      const { evidence } = await bot.diagnose(incident);
      const shown = evidence
        .filter(({ source }) => source === 'incident')
        .map(({ query }) => names.get(query as IncidentId) ?? '');
      const rank = shown.findIndex((name) => expected.includes(name)) + 1;
      found.push({
        id,
        locale,
        ...(rank === 0 ? {} : { rank }),
        ...(shown[0] === undefined ? {} : { first: shown[0] }),
      });
      // Not indexed: no query shall find another one.
      await bot.press(incident, { kind: 'resolve' });
    }
    return found;
  } finally {
    await bot.close();
  }
}

export interface RetrievalScore {
  readonly queries: number;
  readonly precisionAt1: number;
  readonly recallAt3: number;
  /** Mean of 1 / rank. */
  readonly mrr: number;
}

export const scoreOf = (found: readonly Retrieved[]): RetrievalScore => {
  const share = (hits: readonly unknown[]): number => hits.length / Math.max(1, found.length);
  return {
    queries: found.length,
    precisionAt1: share(found.filter(({ rank }) => rank === 1)),
    recallAt3: share(found.filter(({ rank }) => rank !== undefined && rank <= 3)),
    mrr: found.reduce((sum, { rank }) => sum + (rank === undefined ? 0 : 1 / rank), 0) / Math.max(1, found.length),
  };
};
