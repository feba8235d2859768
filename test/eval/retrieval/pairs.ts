import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';

const locale = z.enum(['zh-CN', 'en-US']);
const words = { title: z.string(), summary: z.string(), labels: z.record(z.string(), z.coerce.string()) };

const Pairs = z.strictObject({
  past: z.array(z.strictObject({ id: z.string(), locale, ...words, cause: z.string() })).min(60),
  queries: z.array(z.strictObject({ id: z.string(), locale, ...words, expected: z.array(z.string()).min(1) })).min(40),
  rejections: z
    .array(
      z.strictObject({
        id: z.string(),
        locale,
        past: z.strictObject({ ...words, cause: z.string() }),
        query: z.strictObject(words),
        rejected_cause: z.string(),
        true_cause: z.string(),
      }),
    )
    .min(6),
});

export type Pairs = z.output<typeof Pairs>;

/** Incidents of the past, queries that shall find them, and rejections that shall teach. Throws when a query expects what there is not. */
export function loadPairs(): Pairs {
  const pairs = Pairs.parse(parse(readFileSync(join(import.meta.dirname, 'pairs.yaml'), 'utf8')));
  const ids = new Set(pairs.past.map(({ id }) => id));
  const lost = pairs.queries.filter(({ expected }) => !expected.every((id) => ids.has(id)));
  if (lost.length > 0) throw new Error(`queries expect what is not there: ${lost.map(({ id }) => id).join(', ')}`);
  return pairs;
}
