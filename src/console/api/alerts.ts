import { z } from 'zod';
import { alertJson, alertShape } from './incident-json.ts';
import { type Route, notFound, route } from './route.ts';
import { given, listOf, narrowing, pageJson, pageOf, paging } from './schemas.ts';

const listQuery = z.object({
  ...paging,
  ...narrowing,
  status: listOf(['firing', 'resolved']).optional().describe('firing, resolved'),
});

export const alertRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/alerts',
    summary: 'Episodes of alerts, latest first',
    query: listQuery,
    data: pageOf(alertShape),
    run: async ({ query }, { alerts }) => ({
      data: pageJson(await alerts.list({ ...given(query), limit: query.limit }), alertJson),
    }),
  }),
  route({
    method: 'get',
    path: '/alerts/:id',
    summary: 'One episode of an alert',
    data: alertShape,
    run: async ({ params: { id = '' } }, { alerts }) => {
      const alert = await alerts.get(id);
      if (alert === undefined) throw notFound('alert', id);
      return { data: alertJson(alert) };
    },
  }),
];
