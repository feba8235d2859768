import { z } from 'zod';
import type { Operator } from '../../operations/operators-port.ts';
import { type Route, notFound, route } from './route.ts';
import { given, iso, pageJson, pageOf, pagingQuery, slice, time } from './schemas.ts';

const role = z.enum(['reader', 'responder', 'admin'], { error: 'must be reader, responder or admin' });
const locale = z.enum(['zh-CN', 'en-US']);

const shape = z.object({
  id: z.string(),
  name: z.string(),
  role,
  locale: locale.nullable(),
  ids: z.array(z.string()),
  created_at: time,
});

const json = (operator: Operator): z.infer<typeof shape> => ({
  id: operator.id,
  name: operator.name,
  role: operator.role,
  locale: operator.locale ?? null,
  ids: [...operator.ids],
  created_at: iso(operator.createdAt),
});

const body = z.object({
  name: z.string().trim().min(1).max(100),
  role: role.default('responder'),
  ids: z
    .array(z.string().regex(/^[a-z][a-z-]*:\S+$/, 'must be channel:id, such as lark:ou_…'))
    .max(50)
    .default([]),
  locale: locale.optional(),
});

export const operatorRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/operators',
    summary: 'People, their roles and their ids',
    query: pagingQuery,
    data: pageOf(shape),
    run: async ({ query }, { ports }) => ({ data: pageJson(slice(await ports.operators.list(), query), json) }),
  }),
  route({
    method: 'get',
    path: '/operators/:id',
    summary: 'One person, by id or name',
    data: shape,
    run: async ({ params: { id = '' } }, { ports }) => {
      const operator = await ports.operators.find(id);
      if (operator === undefined) throw notFound('operator', id);
      return { data: json(operator) };
    },
  }),
  route({
    method: 'post',
    path: '/operators',
    summary: 'Names a person, or changes the role of the one with that name and adds the ids',
    body,
    data: shape,
    audit: 'operators.add',
    run: async ({ body: { locale: language, ...rest } }, { ports }) => {
      const operator = await ports.operators.add({ ...rest, ...given({ locale: language }) });
      return { status: 201, data: json(operator), subject: operator.id };
    },
  }),
  route({
    method: 'delete',
    path: '/operators/:id',
    summary: 'Forgets a person, by id or name',
    data: z.object({}),
    audit: 'operators.remove',
    run: async ({ params: { id = '' } }, { ports }) => {
      const operator = await ports.operators.find(id);
      if (operator === undefined || !(await ports.operators.remove(operator.id))) throw notFound('operator', id);
      return { data: {}, subject: operator.id };
    },
  }),
  route({
    method: 'post',
    path: '/operators/:id/link-code',
    summary: 'A one-use code that joins another account to this person',
    data: z.object({ code: z.string(), expires_at: time }),
    audit: 'operators.link_code',
    run: async ({ params: { id = '' } }, { ports }) => {
      const operator = await ports.operators.find(id);
      if (operator === undefined) throw notFound('operator', id);
      const { code, expiresAt } = await ports.operators.makeLinkCode(operator.id);
      return { status: 201, data: { code, expires_at: iso(expiresAt) }, subject: operator.id };
    },
  }),
];
