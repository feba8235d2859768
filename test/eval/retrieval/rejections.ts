import { join } from 'node:path';
import type { Cause } from '../../../src/diagnose/diagnosis.ts';
import { type Bot, type Words, openBot } from '../bot.ts';
import type { Pairs } from './pairs.ts';

export interface Taught {
  readonly id: string;
  /** First cause of the query before anybody rejected anything, and after. */
  readonly before: string;
  readonly after: string;
  /** What was rejected in the incident that is like it. */
  readonly rejected: string;
  readonly changed: boolean;
}

const DAY_MS = 86_400_000;
const START = Date.parse('2025-06-01T08:00:00Z');

/**
 * Each in a store of its own: an incident of the past with its cause; the query, which shows that cause; the past
 * incident once more, whose first cause a person rejects and who writes down another one; and the query again, whose
 * first cause must be another one now.
 */
export async function teach({ rejections }: Pairs, folder: string): Promise<readonly Taught[]> {
  const taught: Taught[] = [];
  for (const one of rejections) {
    const bot = await openBot(join(folder, `rejections-${one.id}`), { LOCALE: one.locale });
    try {
      taught.push(await teachOne(bot, one));
    } finally {
      await bot.close();
    }
  }
  return taught;
}

async function teachOne(
  bot: Bot,
  { id, past, query, true_cause: truth }: Pairs['rejections'][number],
): Promise<Taught> {
  bot.time.now = START;
  await happen(bot, past, past.cause);
  const before = await firstCause(bot, query);
  const rejected = await happen(bot, past, truth, 'reject');
  const after = await firstCause(bot, query);
  return {
    id,
    before: before?.statement ?? '',
    after: after?.statement ?? '',
    rejected: rejected?.statement ?? '',
    changed: before !== undefined && before.key === rejected?.key && after?.key !== before.key,
  };
}

/** An incident from its alert to its end, with or without a rejection of what the diagnosis said. Gives its first cause. */
async function happen(bot: Bot, words: Words, cause: string, verdict?: 'reject'): Promise<Cause | undefined> {
  bot.time.now += DAY_MS;
  const id = await bot.open(words);
  const { causes } = await bot.diagnose(id);
  if (verdict !== undefined) await bot.press(id, { kind: 'reject', reason: cause });
  bot.time.now += 3_600_000;
  await bot.resolve(id, cause);
  return causes[0];
}

async function firstCause(bot: Bot, words: Words): Promise<Cause | undefined> {
  bot.time.now += DAY_MS;
  const id = await bot.open(words);
  const { causes } = await bot.diagnose(id);
  bot.time.now += 3_600_000;
  await bot.press(id, { kind: 'resolve' });
  return causes[0];
}
