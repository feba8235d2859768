import { z } from 'zod';
import { SEVERITIES } from '../../incident/alert.ts';
import { MATCHER_OPS } from '../../incident/matchers.ts';
import type { EpochMs, Page } from '../../types.ts';
import { ApiRefusal } from './route.ts';

/** ISO 8601 in UTC at the rim; epoch ms inside. */
export const time = z.iso.datetime();
export const iso = (at: EpochMs): string => new Date(at).toISOString();
export const isoOrNull = (at: EpochMs | undefined): string | null => (at === undefined ? null : iso(at));

/** A time in a query or body, with any offset. */
export const timeInput = z.iso
  .datetime({ offset: true, error: 'is no time; write 2026-11-22T03:00:00Z' })
  .transform((text) => Date.parse(text));

export const paging = {
  limit: z.coerce.number({ error: 'is no number' }).int().min(1).max(200).default(50),
  cursor: z.string().max(500).optional(),
};

export const pagingQuery = z.object(paging);

export const pageOf = <T extends z.ZodType>(item: T) =>
  z.object({ items: z.array(item), next: z.string().nullable(), total: z.number().int() });

export const pageJson = <T, J>(page: Page<T>, json: (item: T) => J) => ({ ...page, items: page.items.map(json) });

/** A list that is short by nature, in the shape of a page. */
export function slice<T>(
  all: readonly T[],
  { limit, cursor }: { limit: number; cursor?: string | undefined },
): Page<T> {
  if (cursor !== undefined && !/^\d{1,9}$/.test(cursor)) {
    throw new ApiRefusal(400, 'The cursor is none of ours; start again without one.');
  }
  const from = Number(cursor ?? 0);
  const to = from + limit;
  return { items: all.slice(from, to), next: to < all.length ? String(to) : null, total: all.length };
}

/** `open,acknowledged` or one of them. */
export const listOf = <const T extends readonly [string, ...string[]]>(words: T) =>
  z
    .string()
    .transform((text) => text.split(',').map((word) => word.trim()))
    .pipe(z.array(z.enum(words, { error: `must be among ${words.join(', ')}` })));

const severities = listOf(SEVERITIES);

export const labels = z.record(z.string(), z.string());
export const severity = z.enum(SEVERITIES);
export const link = z.object({ kind: z.string(), url: z.string() });
export const matcher = z.object({ name: z.string(), op: z.enum(MATCHER_OPS), value: z.string() });

/** Narrowing by `label.<name>=<value>`: collected into `labels` before the schema reads the query. */
export const narrowing = {
  severity: severities.optional().describe('critical, warning, info; several by commas'),
  q: z.string().max(200).optional().describe('words that must all occur'),
  labels: labels.optional().describe('given as label.<name>=<value>'),
  from: timeInput.optional(),
  to: timeInput.optional(),
};

/** Only what is there: absent and undefined are different to the rooms inside. */
export function given<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const kept = Object.entries(fields).filter(([, value]) => value !== undefined);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- exactly what the filter left
  return Object.fromEntries(kept) as { [K in keyof T]?: Exclude<T[K], undefined> };
}
