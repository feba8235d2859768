import { z } from 'zod';
import type { Runbook } from '../../diagnose/evidence/runbooks/runbook.ts';
import { type Route, notFound, route } from './route.ts';
import { iso, labels, pageJson, pageOf, paging, slice, time } from './schemas.ts';

const fields = {
  id: z.string(),
  title: z.string(),
  path: z.string().describe('below RUNBOOKS_DIR'),
  alerts: z.array(z.string()),
  labels,
  updated_at: time,
};

const shape = z.object(fields);
const whole = z.object({ ...fields, text: z.string().describe('Markdown without its front matter') });

const json = ({ id, title, path, alerts, labels: wanted, updatedAt }: Runbook): z.infer<typeof shape> => ({
  id,
  title,
  path,
  alerts: [...alerts],
  labels: wanted,
  updated_at: iso(updatedAt),
});

export const runbookRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/runbooks',
    summary: 'Runbooks by path, or with q those that fit best first',
    query: z.object({ ...paging, q: z.string().max(500).optional().describe('words, an alert’s name or an id') }),
    data: pageOf(shape),
    run: async ({ query }, { ports: { runbooks } }) => {
      const { q } = query;
      const found = q === undefined ? undefined : await runbooks.search(q, 1000);
      const all = found?.map(({ runbook }) => runbook) ?? (await runbooks.list());
      return { data: pageJson(slice(all, query), json) };
    },
  }),
  route({
    method: 'get',
    path: '/runbooks/:id',
    summary: 'One runbook with its text',
    data: whole,
    run: async ({ params: { id = '' } }, { ports: { runbooks } }) => {
      const found = await runbooks.get(id);
      if (found === undefined) throw notFound('runbook', id);
      return { data: { ...json(found), text: found.text } };
    },
  }),
];
