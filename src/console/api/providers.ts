import { z } from 'zod';
import { ProviderRefused, type ProviderView, newProvider, providerChanges } from '../../operations/provider.ts';
import { providerJson as json, providerShape as shape } from './provider-json.ts';
import { ApiRefusal, type Route, notFound, route } from './route.ts';
import { pageJson, pageOf, pagingQuery, slice } from './schemas.ts';

const { shape: made } = newProvider;
const { shape: changed } = providerChanges;

const createBody = z.object({
  name: made.name,
  kind: made.kind,
  base_url: made.baseUrl,
  model: made.model,
  api_key: made.apiKey,
  timeout_ms: made.timeoutMs,
  concurrency: made.concurrency,
  num_ctx: made.numCtx,
  think: made.think,
});

const changeBody = z.object({
  base_url: changed.baseUrl,
  model: changed.model,
  api_key: changed.apiKey,
  timeout_ms: changed.timeoutMs,
  concurrency: changed.concurrency,
  num_ctx: changed.numCtx,
  think: changed.think,
  enabled: changed.enabled,
});

const tested = z.object({
  ok: z.boolean(),
  ms: z.number(),
  found: z.string().nullable(),
  problems: z.array(z.string()),
});

/** Longest that somebody waits for a test, ms. */
const TEST_MS = 20_000;

export const providerRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/providers',
    summary: 'Language models, in the order in which they are asked',
    query: pagingQuery,
    data: pageOf(shape),
    run: async ({ query }, { providers }) => ({ data: pageJson(slice(await providers.list(), query), json) }),
  }),
  route({
    method: 'get',
    path: '/providers/:id',
    summary: 'One provider, by id or name',
    data: shape,
    run: async ({ params: { id = '' } }, { providers }) => ({ data: json(await found(id, providers)) }),
  }),
  route({
    method: 'post',
    path: '/providers',
    summary: 'Adds a language model; it is asked from now on',
    body: createBody,
    data: shape,
    audit: 'providers.create',
    run: async ({ body }, { providers }) => {
      const provider = newProvider.safeParse({ ...inner(body), name: body.name, kind: body.kind });
      if (!provider.success) throw new ApiRefusal(400, firstOf(provider.error));
      const view = await refusing(() => providers.add(provider.data));
      if (view === undefined) throw new ApiRefusal(409, `There is a provider ${body.name} already.`);
      return { status: 201, data: json(view), subject: view.id };
    },
  }),
  route({
    method: 'patch',
    path: '/providers/:id',
    summary: 'Changes a provider, switches it off or on; takes effect at once',
    body: changeBody,
    data: shape,
    audit: 'providers.change',
    run: async ({ params: { id = '' }, body }, { providers }) => {
      const row = await ownRow(id, providers);
      const view = await refusing(() => providers.change(row.id, { ...inner(body), enabled: body.enabled }));
      if (view === undefined) throw notFound('provider', id);
      return { data: json(view), subject: view.id };
    },
  }),
  route({
    method: 'delete',
    path: '/providers/:id',
    summary: 'Removes a provider; its calls stay accounted for',
    data: z.object({}),
    audit: 'providers.remove',
    run: async ({ params: { id = '' } }, { providers }) => {
      const row = await ownRow(id, providers);
      if (!(await providers.remove(row.id))) throw notFound('provider', id);
      return { data: {}, subject: row.id };
    },
  }),
  route({
    method: 'post',
    path: '/providers/:id/test',
    summary: 'Asks the endpoint whether it is there and has the model; costs nothing',
    data: tested,
    audit: 'providers.test',
    run: async ({ params: { id = '' } }, { providers }) => {
      const test = await providers.test(id, AbortSignal.timeout(TEST_MS));
      if (test === undefined) throw notFound('provider', id);
      return { data: { ...test, found: test.found ?? null, problems: [...test.problems] }, subject: id };
    },
  }),
];

type ProvidersPort = Parameters<Route['run']>[1]['providers'];

async function found(id: string, providers: ProvidersPort): Promise<ProviderView> {
  const view = await providers.find(id);
  if (view === undefined) throw notFound('provider', id);
  return view;
}

async function ownRow(id: string, providers: ProvidersPort): Promise<ProviderView> {
  const view = await found(id, providers);
  if (view.from === 'row') return view;
  throw new ApiRefusal(409, `${view.name} is configured by the environment; change it there and start anew.`);
}

/** As the rooms inside name them. */
const inner = (body: Omit<z.infer<typeof changeBody>, 'enabled'>) => ({
  baseUrl: body.base_url,
  model: body.model,
  apiKey: body.api_key,
  timeoutMs: body.timeout_ms,
  concurrency: body.concurrency,
  numCtx: body.num_ctx,
  think: body.think,
});

const firstOf = ({ issues: [issue] }: z.ZodError): string => `${String(issue?.path[0] ?? '')}: ${issue?.message ?? ''}`;

async function refusing<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (err) {
    if (err instanceof ProviderRefused) throw new ApiRefusal(400, err.message);
    throw err;
  }
}
