import { z } from 'zod';
import type { Silence } from '../../operations/silences-port.ts';
import { silence } from '../../operations/silence.ts';
import { unsilence } from '../../operations/unsilence.ts';
import { REFUSAL_STATUS, apiContext, silenceBody } from './act.ts';
import { ApiRefusal, type Route, notFound, route } from './route.ts';
import { iso, matcher, pageJson, pageOf, pagingQuery, slice, time } from './schemas.ts';

const shape = z.object({
  id: z.string(),
  incident_id: z.string().nullable(),
  matchers: z.array(matcher),
  starts_at: time,
  ends_at: time,
  reason: z.string().nullable(),
  created_by: z.string(),
  created_name: z.string(),
  created_at: time,
});

const json = (one: Silence): z.infer<typeof shape> => ({
  id: one.id,
  incident_id: one.incidentId ?? null,
  matchers: [...one.matchers],
  starts_at: iso(one.startsAt),
  ends_at: iso(one.endsAt),
  reason: one.reason ?? null,
  created_by: one.createdBy,
  created_name: one.createdName,
  created_at: iso(one.createdAt),
});

export const silenceRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/silences',
    summary: 'Silences in force, soonest ending first',
    query: pagingQuery,
    data: pageOf(shape),
    run: async ({ query }, { ports }) => ({ data: pageJson(slice(await ports.silences.active(), query), json) }),
  }),
  route({
    method: 'get',
    path: '/silences/:id',
    summary: 'One silence in force',
    data: shape,
    run: async ({ params: { id = '' } }, { ports }) => {
      const found = (await ports.silences.active()).find((one) => one.id === id);
      if (found === undefined) throw notFound('silence', id);
      return { data: json(found) };
    },
  }),
  route({
    method: 'post',
    path: '/silences',
    summary: 'Silences an incident, or alerts by their labels',
    body: silenceBody,
    data: shape,
    run: async (request, deps) => {
      const { actor, ...input } = request.body;
      const outcome = await deps.perform(silence, input, apiContext(request, deps, actor));
      const message = outcome.answer.brief;
      if (!outcome.ok) throw new ApiRefusal(REFUSAL_STATUS[outcome.code], message);
      const made = (await deps.ports.silences.active()).find(({ id, incidentId }) =>
        outcome.incidentId === undefined ? id === outcome.made : incidentId === outcome.incidentId,
      );
      return { status: 201, message, data: made === undefined ? {} : json(made) };
    },
  }),
  route({
    method: 'delete',
    path: '/silences/:id',
    summary: 'Ends a silence now',
    data: z.object({}),
    run: async (request, deps) => {
      const { id = '' } = request.params;
      const found = (await deps.ports.silences.active()).find((one) => one.id === id);
      const input = found?.incidentId === undefined ? { silence: id } : { incident: found.incidentId };
      const outcome = await deps.perform(unsilence, input, apiContext(request, deps));
      if (!outcome.ok) throw new ApiRefusal(REFUSAL_STATUS[outcome.code], outcome.answer.brief);
      return { message: outcome.answer.brief, data: {} };
    },
  }),
];
