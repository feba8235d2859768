import { z } from 'zod';
import type { Price } from '../../cards/usage.ts';
import { knownProvider } from '../../operations/known-provider.ts';
import { ApiRefusal, type Route, notFound, route } from './route.ts';
import { iso, pageJson, pageOf, pagingQuery, slice, time } from './schemas.ts';

const money = z.number({ error: 'must be a number' }).min(0, 'must be at least 0').max(1e9, 'is too much');
const currency = z.string().regex(/^[A-Z]{3}$/, 'must be three capital letters, such as USD or CNY');

const shape = z.object({
  id: z.string(),
  provider: z.string(),
  model: z.string().describe('empty: any model of the provider without a price of its own'),
  input_per_million: z.number(),
  output_per_million: z.number(),
  currency: z.string(),
  created_at: time,
});

const json = ({ inputPerMillion, outputPerMillion, createdAt, ...rest }: Price): z.infer<typeof shape> => ({
  ...rest,
  input_per_million: inputPerMillion,
  output_per_million: outputPerMillion,
  created_at: iso(createdAt),
});

const setBody = z.object({
  provider: z.string().trim().min(1).max(200).describe('as /providers names it'),
  model: z.string().trim().max(200).default(''),
  input_per_million: money.describe('money for a million tokens of prompts'),
  output_per_million: money.describe('money for a million tokens of answers'),
  currency: currency.optional().describe('LLM_CURRENCY when absent'),
});

export const priceRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/prices',
    summary: 'What providers ask for tokens',
    query: pagingQuery,
    data: pageOf(shape),
    run: async ({ query }, { prices }) => ({ data: pageJson(slice(await prices.list(), query), json) }),
  }),
  route({
    method: 'get',
    path: '/prices/:id',
    summary: 'One price',
    data: shape,
    run: async ({ params: { id = '' } }, { prices }) => {
      const found = await prices.get(id);
      if (found === undefined) throw notFound('price', id);
      return { data: json(found) };
    },
  }),
  route({
    method: 'post',
    path: '/prices',
    summary: 'Sets the price of a provider’s model, in the place of an earlier one; for calls from now on',
    body: setBody,
    data: shape,
    audit: 'prices.set',
    run: async ({ body }, { prices, usage, providers }) => {
      const { model, input_per_million: inputPerMillion, output_per_million: outputPerMillion } = body;
      const read = await knownProvider(body.provider, providers);
      if ('fault' in read) throw new ApiRefusal(400, `provider: ${read.fault}.`);
      const price = {
        provider: read.name,
        model,
        inputPerMillion,
        outputPerMillion,
        currency: body.currency ?? usage.currency,
      };
      const set = await prices.set(price);
      return { status: 201, data: json(set), subject: set.id };
    },
  }),
  route({
    method: 'delete',
    path: '/prices/:id',
    summary: 'Removes a price; what was counted by it stays counted',
    data: z.object({}),
    audit: 'prices.remove',
    run: async ({ params: { id = '' } }, { prices }) => {
      if (!(await prices.remove(id))) throw notFound('price', id);
      return { data: {}, subject: id };
    },
  }),
];
