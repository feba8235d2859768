import { z } from 'zod';
import { operationTexts } from '../../cards/texts/operations.ts';
import { readAddress, showAddress } from '../../operations/address.ts';
import type { Target, TargetChanges } from '../../operations/targets-port.ts';
import { masked } from './mask.ts';
import type { ApiDeps } from './ports.ts';
import { ApiRefusal, type Route, notFound, route } from './route.ts';
import { given, iso, pageJson, pageOf, pagingQuery, slice, time } from './schemas.ts';

const proxy = z.object({ url: z.url({ protocol: /^(https?|socks5?)$/ }), fallback: z.boolean().default(false) });
const pacing = z.record(z.enum(['perMinute', 'burst', 'concurrency']), z.number().int().positive().optional());
const locale = z.enum(['zh-CN', 'en-US']);
const fallback = z.object({ url: z.string().min(1).max(2000), secret: z.string().min(1).max(1000).optional() });

const lastTest = z.object({ at: time, ok: z.boolean(), ms: z.number(), detail: z.string() });

const shape = z.object({
  id: z.string(),
  name: z.string(),
  channel: z.string(),
  address: z.string(),
  locale: locale.nullable(),
  timezone: z.string().nullable(),
  proxy: proxy.nullable(),
  pacing: z.record(z.string(), z.number()).nullable(),
  has_secret: z.boolean(),
  has_fallback: z.boolean(),
  enabled: z.boolean(),
  pending: z.boolean(),
  state: z.string(),
  last_error: z.string().nullable(),
  last_test: lastTest.nullable(),
  created_at: time,
});

const json = (target: Target): z.infer<typeof shape> => ({
  id: target.id,
  name: target.name,
  channel: target.channel,
  address: masked(showAddress(target)),
  locale: target.locale ?? null,
  timezone: target.timezone ?? null,
  proxy: target.proxy === undefined ? null : { ...target.proxy, url: masked(target.proxy.url) },
  pacing: target.pacing === undefined ? null : { ...target.pacing },
  has_secret: target.hasSecret,
  has_fallback: target.hasFallback,
  enabled: target.enabled,
  pending: target.pending,
  state: target.state,
  last_error: target.lastError ?? null,
  last_test: target.lastTest === undefined ? null : { ...target.lastTest, at: iso(target.lastTest.at) },
  created_at: iso(target.createdAt),
});

const changes = {
  name: z.string().trim().min(1).max(200).optional(),
  locale: locale.nullable().optional(),
  timezone: z.string().refine(isTimezone, 'is no time zone; write one like Asia/Shanghai').nullable().optional(),
  proxy: proxy.nullable().optional(),
  pacing: pacing.nullable().optional(),
  secret: z.string().min(1).max(1000).nullable().optional().describe('stored sealed, never read back'),
  fallback: fallback
    .nullable()
    .optional()
    .describe("the group's custom bot, used while the app's API calls are used up; stored sealed, never read back"),
  enabled: z.boolean().optional(),
  pending: z.boolean().optional().describe('false allows a chat that asked for incidents'),
};

const createBody = z.object({ ...changes, address: z.string().min(1).max(2000) });
const changeBody = z.object(changes);

function isTimezone(name: string): boolean {
  try {
    return Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

/** Zod says undefined where our types leave out. */
const changesOf = (body: z.infer<typeof changeBody>): TargetChanges => {
  const { pacing: wanted, fallback: other, ...rest } = body;
  return {
    ...given(rest),
    ...(wanted === undefined ? {} : { pacing: wanted === null ? null : given(wanted) }),
    ...(other === undefined ? {} : { fallback: other === null ? null : fallbackOf(other) }),
  };
};

const fallbackOf = ({ url, secret }: z.infer<typeof fallback>) => ({
  url,
  ...(secret === undefined ? {} : { secret }),
});

/** Refuses a fallback that would never work, before anybody relies on it. */
function checkFallback(
  { fallback: wanted }: z.infer<typeof changeBody>,
  channel: string,
  { takesFallback }: Pick<ApiDeps, 'takesFallback'>,
): void {
  if (wanted === undefined || wanted === null) return;
  if (channel !== 'lark') throw new ApiRefusal(400, 'Only a lark target has a fallback.');
  const url = URL.parse(wanted.url);
  if (url !== null && takesFallback(url)) return;
  throw new ApiRefusal(
    400,
    "The fallback's url must be a custom bot's address, https://open.feishu.cn/open-apis/bot/v2/hook/… or https://open.larksuite.com/open-apis/bot/v2/hook/…",
  );
}

/** Where incidents go that nothing binds has to be open. */
function keepDefault(id: string, { defaultTargetId }: Pick<ApiDeps, 'defaultTargetId'>): void {
  if (id !== defaultTargetId) return;
  throw new ApiRefusal(409, 'This is the DEFAULT_TARGET, where incidents go that nothing binds; name another first.');
}

export const targetRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/targets',
    summary: 'Places that cards and messages go to',
    query: pagingQuery,
    data: pageOf(shape),
    run: async ({ query }, { ports }) => ({ data: pageJson(slice(await ports.targets.list(), query), json) }),
  }),
  route({
    method: 'get',
    path: '/targets/:id',
    summary: 'One target',
    data: shape,
    run: async ({ params: { id = '' } }, { ports }) => {
      const target = await ports.targets.get(id);
      if (target === undefined) throw notFound('target', id);
      return { data: json(target) };
    },
  }),
  route({
    method: 'post',
    path: '/targets',
    summary: 'Makes a target',
    body: createBody,
    data: shape,
    audit: 'targets.create',
    run: async ({ body: { address, ...rest } }, deps) => {
      const { ports, locale: language } = deps;
      const read = readAddress(address);
      if (read === undefined) throw new ApiRefusal(400, operationTexts(language).refused.badAddress(address));
      checkFallback(rest, read.channel, deps);
      if ((await ports.targets.byAddress(read.channel, read.address)) !== undefined) {
        throw new ApiRefusal(409, `There is a target ${masked(address)} already; change that one.`);
      }
      const made = { ...changesOf(rest), pending: rest.pending ?? false };
      const target = await ports.targets.ensure(read.channel, read.address, made);
      return { status: 201, data: json(target), subject: target.id };
    },
  }),
  route({
    method: 'patch',
    path: '/targets/:id',
    summary: 'Changes a target',
    body: changeBody,
    data: shape,
    audit: 'targets.change',
    run: async ({ params: { id = '' }, body }, deps) => {
      const { targets } = deps.ports;
      if (body.enabled === false || body.pending === true) keepDefault(id, deps);
      const known = await targets.get(id);
      if (known !== undefined) checkFallback(body, known.channel, deps);
      const target = await targets.update(id, changesOf(body));
      if (target === undefined) throw notFound('target', id);
      return { data: json(target), subject: id };
    },
  }),
  route({
    method: 'delete',
    path: '/targets/:id',
    summary: 'Removes a target and its bindings',
    data: z.object({}),
    audit: 'targets.remove',
    run: async ({ params: { id = '' } }, deps) => {
      keepDefault(id, deps);
      if (!(await deps.ports.targets.remove(id))) throw notFound('target', id);
      return { data: {}, subject: id };
    },
  }),
  route({
    method: 'post',
    path: '/targets/:id/test',
    summary: 'Sends a short message there now',
    data: lastTest,
    audit: 'targets.test',
    run: async ({ params: { id = '' } }, { ports }) => {
      const target = await ports.targets.get(id);
      if (target === undefined) throw notFound('target', id);
      const result = await ports.testTarget(target);
      await ports.targets.rememberTest(id, result);
      const message = result.ok ? 'The message was accepted.' : `The message was not accepted: ${result.detail}`;
      return { message, data: { ...result, at: iso(result.at) }, subject: id };
    },
  }),
];
