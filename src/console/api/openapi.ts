import { z } from 'zod';
import type { Route } from './route.ts';

type Json = Readonly<Record<string, unknown>>;

/** The OpenAPI 3.1 document of these routes, made from the schemas that check them. */
export function openApi(routes: readonly Route[]): Json {
  const paths: Record<string, Record<string, Json>> = {};
  for (const one of routes) {
    const path = one.path.replace(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [one.method]: operationOf(one) };
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Zhiban', version: '1', description: 'Incidents, alerts and everything around them.' },
    servers: [{ url: '/api/v1' }],
    security: [{ admin: [] }],
    components: {
      securitySchemes: { admin: { type: 'http', scheme: 'bearer', description: 'ADMIN_TOKEN' } },
      schemas: { Refusal: envelope({ type: 'object' }) },
    },
    paths,
  };
}

const REFUSALS = { 400: 'Wrong arguments', 401: 'No ADMIN_TOKEN', 404: 'Not there', 409: 'Not possible now' } as const;

function operationOf({ method, path, summary, query, body, data }: Route): Json {
  const named = path.split('/').filter((part) => part !== '' && !part.startsWith(':'));
  return {
    operationId: [method, ...named, ...(path.endsWith(':id') ? ['one'] : [])].join('_'),
    summary,
    tags: [named[0] ?? ''],
    parameters: [...pathParameters(path), ...(query === undefined ? [] : queryParameters(query))],
    ...(body === undefined ? {} : { requestBody: { required: true, content: content(input(body)) } }),
    responses: {
      200: { description: 'Done', content: content(envelope(z.toJSONSchema(data))) },
      ...Object.fromEntries(
        Object.entries(REFUSALS).map(([status, description]) => [
          status,
          { description, content: content({ $ref: '#/components/schemas/Refusal' }) },
        ]),
      ),
    },
  };
}

const content = (schema: Json): Json => ({ 'application/json': { schema } });

/** What callers may send: the side of a schema before its transforms. */
const input = (schema: z.ZodType): Json => z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });

const envelope = (data: Json): Json => ({
  type: 'object',
  required: ['code', 'message', 'data', 'timestamp'],
  properties: {
    code: { type: 'integer' },
    message: { type: 'string' },
    data,
    timestamp: { type: 'string', format: 'date-time' },
  },
});

const pathParameters = (path: string): readonly Json[] =>
  [...path.matchAll(/:(\w+)/g)].map(([, name]) => ({ name, in: 'path', required: true, schema: { type: 'string' } }));

function queryParameters(query: z.ZodType): readonly Json[] {
  const { properties = {}, required = [] } = Described.parse(input(query));
  return Object.entries(properties).map(([name, schema]) => ({
    name: name === 'labels' ? 'label' : name,
    in: 'query',
    required: required.includes(name),
    ...(name === 'labels' ? { style: 'deepObject', explode: true } : {}),
    schema,
  }));
}

const Described = z.object({
  properties: z.record(z.string(), z.unknown()).optional(),
  required: z.array(z.string()).optional(),
});
