import { type RequestHandler, Router } from 'express';
import { randomUUID } from 'node:crypto';
import { traceId } from '../../telemetry/log.ts';
import { jsonBody } from '../json-body.ts';
import { answer, refusals } from './answer.ts';
import { masked } from './mask.ts';
import { openApi } from './openapi.ts';
import type { ApiDeps } from './ports.ts';
import { ApiRefusal, type ApiRequest, type Reply, type Route } from './route.ts';
import { ROUTES } from './routes.ts';

const BODY_LIMIT = '1mb';
/** Longest record of a change. */
const MAX_DETAIL = 2000;

/** `/api/v1` as a router of its own; who may call it is the entrance's business (ADMIN_TOKEN or a session). */
export function createApi(deps: ApiDeps): Router {
  const router = Router();
  // JSON whatever the Content-Type says: there is nothing else to send.
  router.use(jsonBody({ limit: BODY_LIMIT, anyType: true }));
  const description = openApi(ROUTES);
  router.get('/openapi.json', (_req, res) => void res.set('Cache-Control', 'no-store').json(description));
  for (const one of ROUTES) router[one.method](one.path, serve(one, deps));
  for (const path of new Set(ROUTES.map((one) => one.path))) router.all(path, otherMethods(path));
  router.all('/openapi.json', otherMethods('/openapi.json'));
  router.use((req) => {
    throw new ApiRefusal(
      404,
      `Nothing is served at ${(req.baseUrl + req.path).slice(0, 200)}; /api/v1/openapi.json lists what is.`,
    );
  });
  router.use(refusals);
  return router;
}

function serve(one: Route, deps: ApiDeps): RequestHandler {
  return async (req, res) => {
    const request: ApiRequest<unknown, unknown> = {
      params: Object.fromEntries(Object.entries(req.params).map(([name, value]) => [name, String(value)])),
      query: one.query?.parse(queryOf(req.url)),
      body: one.body?.parse(req.body ?? {}),
      traceId: traceId() === '' ? randomUUID() : traceId(),
      ...keyOf(req.get('Idempotency-Key')),
    };
    const reply = await one.run(request, deps);
    if (one.audit !== undefined) await record(one.audit, request, reply, deps);
    answer(res, reply.status ?? 200, reply.message ?? 'OK', reply.data);
  };
}

const keyOf = (header: string | undefined) =>
  header === undefined || header === '' ? {} : { idempotencyKey: header.slice(0, 200) };

/** `label.<name>` is collected into `labels`; of a name given twice the last counts. */
function queryOf(url: string): Readonly<Record<string, unknown>> {
  const query: Record<string, unknown> = Object.create(null);
  const labels: Record<string, string> = Object.create(null);
  for (const [name, value] of new URL(url, 'http://localhost').searchParams) {
    const label = /^label(?:\.(.+)|\[(.+)\])$/.exec(name);
    if (label) labels[label[1] ?? label[2] ?? ''] = value;
    else query[name] = value;
  }
  return Object.keys(labels).length === 0 ? query : { ...query, labels };
}

const SECRETS = /secret|key|token/i;

async function record(
  operation: string,
  { body, traceId: trace }: ApiRequest<unknown, unknown>,
  reply: Reply,
  deps: ApiDeps,
) {
  const blank = (name: string, value: unknown): unknown => {
    if (SECRETS.test(name) && value !== null) return '***';
    return typeof value === 'string' ? masked(value) : value;
  };
  await deps.ports.audit.record({
    at: deps.clock.now(),
    actor: { id: 'api', name: 'API', via: 'api' },
    operation,
    ...(reply.subject === undefined ? {} : { subject: reply.subject }),
    outcome: 'ok',
    detail: (JSON.stringify(body ?? {}, blank) ?? '{}').slice(0, MAX_DETAIL),
    traceId: trace,
  });
}

function otherMethods(path: string): RequestHandler {
  const allowed = path === '/openapi.json' ? ['GET'] : ROUTES.filter((one) => one.path === path).map(methodOf);
  return (_req, res) => {
    res.set('Allow', allowed.join(', '));
    answer(res, 405, `This address takes ${allowed.join(', ')} only.`, {});
  };
}

const methodOf = ({ method }: Route): string => method.toUpperCase();
