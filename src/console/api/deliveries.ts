import { z } from 'zod';
import { DELIVERY_STATES, type Delivery } from '../../operations/deliveries-port.ts';
import { type Route, notFound, route } from './route.ts';
import { given, iso, isoOrNull, listOf, pageJson, pageOf, paging, time } from './schemas.ts';

export const deliveryShape = z.object({
  id: z.string(),
  target_id: z.string(),
  event: z.string(),
  incident_id: z.string().nullable(),
  state: z.enum(DELIVERY_STATES),
  attempts: z.number().int(),
  last_error: z.string().nullable(),
  request: z.unknown(),
  response: z.string().nullable(),
  latency_ms: z.number().nullable(),
  created_at: time,
  settled_at: time.nullable(),
});

export const deliveryJson = (delivery: Delivery): z.infer<typeof deliveryShape> => ({
  id: delivery.id,
  target_id: delivery.targetId,
  event: delivery.event,
  incident_id: delivery.incidentId ?? null,
  state: delivery.state,
  attempts: delivery.attempts,
  last_error: delivery.lastError ?? null,
  request: delivery.request ?? null,
  response: delivery.response ?? null,
  latency_ms: delivery.latencyMs ?? null,
  created_at: iso(delivery.createdAt),
  settled_at: isoOrNull(delivery.settledAt),
});

const listQuery = z.object({
  ...paging,
  state: listOf(DELIVERY_STATES).optional().describe('due, leased, shown, dead; several by commas'),
  target_id: z.string().max(100).optional(),
  incident_id: z.string().max(100).optional(),
});

export const deliveryRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/deliveries',
    summary: 'Cards and messages to targets, latest first',
    query: listQuery,
    data: pageOf(deliveryShape),
    run: async ({ query: { target_id: targetId, incident_id: incidentId, ...query } }, { ports }) => {
      const page = await ports.deliveries.list({ ...given({ ...query, targetId, incidentId }), limit: query.limit });
      return { data: pageJson(page, deliveryJson) };
    },
  }),
  route({
    method: 'get',
    path: '/deliveries/:id',
    summary: 'One delivery',
    data: deliveryShape,
    run: async ({ params: { id = '' } }, { ports }) => {
      const delivery = await ports.deliveries.get(id);
      if (delivery === undefined) throw notFound('delivery', id);
      return { data: deliveryJson(delivery) };
    },
  }),
  route({
    method: 'post',
    path: '/deliveries/:id/retry',
    summary: 'Makes a dead delivery due again',
    data: deliveryShape,
    audit: 'deliveries.retry',
    run: async ({ params: { id = '' } }, { ports }) => {
      const delivery = await ports.deliveries.retry(id);
      if (delivery === undefined) throw notFound('delivery', id);
      return { message: 'It is due again.', data: deliveryJson(delivery), subject: id };
    },
  }),
];
