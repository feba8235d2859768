import { z } from 'zod';
import { USAGE_BY, type UsageRow } from '../../cards/usage.ts';
import { ApiRefusal, type Route, route } from './route.ts';
import { iso, pageJson, pageOf, paging, slice, time, timeInput } from './schemas.ts';

const DAY_MS = 86_400_000;

const row = z.object({
  key: z.string().describe('provider, person’s id, provider/model, or day'),
  name: z.string(),
  calls: z.number().int(),
  failures: z.number().int(),
  tokens_in: z.number(),
  tokens_out: z.number(),
  cost: z.number(),
  uncounted: z.number().int().describe('answered calls without a cost in this currency'),
  mean_ms: z.number(),
});

const json = ({ tokensIn, tokensOut, meanMs, ...rest }: UsageRow): z.infer<typeof row> => ({
  ...rest,
  tokens_in: tokensIn,
  tokens_out: tokensOut,
  mean_ms: meanMs,
});

const by = z.enum(USAGE_BY, { error: `must be one of ${USAGE_BY.join(', ')}` });

export const usageRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/usage',
    summary: 'Calls to models, added up; the last 24 hours unless from and to say otherwise',
    query: z.object({
      ...paging,
      by: by.default('provider'),
      from: timeInput.optional(),
      to: timeInput.optional(),
    }),
    data: z.object({ ...pageOf(row).shape, by, from: time, to: time, currency: z.string() }),
    run: async ({ query }, { usage, clock }) => {
      const to = query.to ?? clock.now() + 1;
      const from = query.from ?? to - DAY_MS;
      if (from >= to) throw new ApiRefusal(400, 'from: must be before to.');
      const page = pageJson(slice(await usage.rows(query.by, from, to), query), json);
      return { data: { ...page, by: query.by, from: iso(from), to: iso(to), currency: usage.currency } };
    },
  }),
];
