import { z } from 'zod';
import { matchersInput } from '../../operations/matchers.ts';
import type { Binding } from '../../operations/bindings-port.ts';
import { ApiRefusal, type Route, notFound, route } from './route.ts';
import { given, iso, matcher, pageJson, pageOf, paging, slice, time } from './schemas.ts';

const shape = z.object({
  id: z.string(),
  event: z.string(),
  matchers: z.array(matcher),
  target_id: z.string(),
  enabled: z.boolean(),
  cron: z.string().nullable(),
  timezone: z.string().nullable(),
  template: z.string().nullable(),
  quiet_hours: z.string().nullable(),
  dedupe_window: z.number().nullable(),
  created_at: time,
  created_by: z.string(),
});

const json = (binding: Binding): z.infer<typeof shape> => ({
  id: binding.id,
  event: binding.event,
  matchers: [...binding.matchers],
  target_id: binding.targetId,
  enabled: binding.enabled,
  cron: binding.cron ?? null,
  timezone: binding.timezone ?? null,
  template: binding.template ?? null,
  quiet_hours: binding.quietHours ?? null,
  dedupe_window: binding.dedupeWindowMs ?? null,
  created_at: iso(binding.createdAt),
  created_by: binding.createdBy,
});

const createBody = z.object({
  event: z.literal('incident').default('incident'),
  matchers: matchersInput.default([]).describe('none takes every incident'),
  target_id: z.string().min(1).max(100),
  enabled: z.boolean().default(true),
});

const changeBody = z.object({ matchers: matchersInput.optional(), enabled: z.boolean().optional() });

const listQuery = z.object({ ...paging, target_id: z.string().max(100).optional() });

export const bindingRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/bindings',
    summary: 'Which events go to which target',
    query: listQuery,
    data: pageOf(shape),
    run: async ({ query }, { ports }) => {
      const all = await ports.bindings.list(query.target_id === undefined ? {} : { targetId: query.target_id });
      return { data: pageJson(slice(all, query), json) };
    },
  }),
  route({
    method: 'get',
    path: '/bindings/:id',
    summary: 'One binding',
    data: shape,
    run: async ({ params: { id = '' } }, { ports }) => {
      const binding = await ports.bindings.get(id);
      if (binding === undefined) throw notFound('binding', id);
      return { data: json(binding) };
    },
  }),
  route({
    method: 'post',
    path: '/bindings',
    summary: 'Sends matching incidents to a target; the same twice is one',
    body: createBody,
    data: shape,
    audit: 'bindings.create',
    run: async ({ body: { target_id: targetId, ...rest } }, { ports }) => {
      if ((await ports.targets.get(targetId)) === undefined) {
        throw new ApiRefusal(400, `target_id: there is no target ${targetId}; GET /api/v1/targets lists them.`);
      }
      const binding = await ports.bindings.add({ ...rest, targetId, createdBy: 'api' });
      return { status: 201, data: json(binding), subject: binding.id };
    },
  }),
  route({
    method: 'patch',
    path: '/bindings/:id',
    summary: 'Changes a binding',
    body: changeBody,
    data: shape,
    audit: 'bindings.change',
    run: async ({ params: { id = '' }, body }, { ports }) => {
      const binding = await ports.bindings.update(id, given(body));
      if (binding === undefined) throw notFound('binding', id);
      return { data: json(binding), subject: id };
    },
  }),
  route({
    method: 'delete',
    path: '/bindings/:id',
    summary: 'Removes a binding; what is shown stays true',
    data: z.object({}),
    audit: 'bindings.remove',
    run: async ({ params: { id = '' } }, { ports }) => {
      if (!(await ports.bindings.remove(id))) throw notFound('binding', id);
      return { data: {}, subject: id };
    },
  }),
];
