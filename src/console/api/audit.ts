import { z } from 'zod';
import type { RecordedEntry } from '../../operations/audit-port.ts';
import { type Route, notFound, route } from './route.ts';
import { given, iso, pageJson, pageOf, paging, time } from './schemas.ts';

const shape = z.object({
  id: z.string(),
  at: time,
  actor: z.object({ id: z.string(), name: z.string(), via: z.string() }),
  operation: z.string(),
  subject: z.string().nullable(),
  outcome: z.string(),
  detail: z.string(),
  trace_id: z.string(),
});

const json = ({ at, subject, traceId, actor, ...entry }: RecordedEntry): z.infer<typeof shape> => ({
  id: entry.id,
  at: iso(at),
  actor: { ...actor },
  operation: entry.operation,
  subject: subject ?? null,
  outcome: entry.outcome,
  detail: entry.detail,
  trace_id: traceId,
});

const listQuery = z.object({
  ...paging,
  operation: z.string().max(60).optional(),
  actor: z.string().max(200).optional().describe('channel:id, api or cli'),
});

export const auditRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/audit',
    summary: 'Who did what, refusals included, latest first',
    query: listQuery,
    data: pageOf(shape),
    run: async ({ query }, { ports }) => ({
      data: pageJson(await ports.audit.list({ ...given(query), limit: query.limit }), json),
    }),
  }),
  route({
    method: 'get',
    path: '/audit/:id',
    summary: 'One record of who did what',
    data: shape,
    run: async ({ params: { id = '' } }, { ports }) => {
      const entry = await ports.audit.get(id);
      if (entry === undefined) throw notFound('record', id);
      return { data: json(entry) };
    },
  }),
];
