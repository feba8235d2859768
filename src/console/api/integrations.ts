import { z } from 'zod';
import { parseDuration } from '../../incident/duration.ts';
import { integrationNameFault } from '../../operations/integration-name.ts';
import type { Integration } from '../../operations/integrations-port.ts';
import { ApiRefusal, type Route, notFound, route } from './route.ts';
import { given, iso, isoOrNull, pageJson, pageOf, pagingQuery, slice, time, timeInput } from './schemas.ts';

const shape = z.object({
  id: z.string(),
  name: z.string(),
  source: z.string().nullable(),
  has_hmac_secret: z.boolean(),
  expires_at: time.nullable(),
  disabled_at: time.nullable(),
  previous_until: time.nullable(),
  last_used_at: time.nullable().describe('to five minutes'),
  created_at: time,
});

/** With its key: told once, then never again. */
const withKey = z.object({ ...shape.shape, key: z.string() });

const json = (integration: Integration): z.infer<typeof shape> => ({
  id: integration.id,
  name: integration.name,
  source: integration.source ?? null,
  has_hmac_secret: integration.hasHmacSecret,
  expires_at: isoOrNull(integration.expiresAt),
  disabled_at: isoOrNull(integration.disabledAt),
  previous_until: isoOrNull(integration.previousUntil),
  last_used_at: isoOrNull(integration.lastUsedAt),
  created_at: iso(integration.createdAt),
});

const createBody = z.object({
  name: z.string().superRefine((name, context) => {
    const message = integrationNameFault(name);
    if (message !== undefined) context.addIssue({ code: 'custom', message });
  }),
  source: z.string().max(60).optional().describe('the format it always sends'),
  expires_at: timeInput.optional(),
  hmac_secret: z.string().min(16).max(500).optional().describe('stored sealed, never read back'),
});

const changeBody = z.object({ disabled: z.boolean() });

const rotateBody = z.object({
  grace: z
    .string()
    .default('24h')
    .transform((text, context) => {
      const ms = text === '0' ? 0 : parseDuration(text);
      if (ms !== undefined) return ms;
      context.addIssue({ code: 'custom', message: 'is no duration; write 90s, 10m, 24h, 7d or 0' });
      return z.NEVER;
    })
    .describe('how long the old key works on'),
});

export const integrationRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/integrations',
    summary: 'Named senders of alerts',
    query: pagingQuery,
    data: pageOf(shape),
    run: async ({ query }, { integrations }) => ({ data: pageJson(slice(await integrations.list(), query), json) }),
  }),
  route({
    method: 'get',
    path: '/integrations/:id',
    summary: 'One integration, by id or name',
    data: shape,
    run: async ({ params: { id = '' } }, { integrations }) => {
      const found = await integrations.find(id);
      if (found === undefined) throw notFound('integration', id);
      return { data: json(found) };
    },
  }),
  route({
    method: 'post',
    path: '/integrations',
    summary: 'Makes an integration; its key is in this answer only',
    body: createBody,
    data: withKey,
    audit: 'integrations.create',
    run: async ({ body }, { integrations, sources }) => {
      const { name, source, expires_at: expiresAt, hmac_secret: hmacSecret } = body;
      if (source !== undefined && !sources.includes(source)) {
        throw new ApiRefusal(400, `source: ${source} is no format we know; one of ${sources.join(', ')}, or none.`);
      }
      const made = await integrations.add({ name, ...given({ source, expiresAt, hmacSecret }) });
      if (made === undefined) throw new ApiRefusal(409, `There is an integration ${name} already; rotate its key.`);
      return { status: 201, data: { ...json(made.integration), key: made.key }, subject: made.integration.id };
    },
  }),
  route({
    method: 'patch',
    path: '/integrations/:id',
    summary: 'Disables an integration, or enables it again',
    body: changeBody,
    data: shape,
    audit: 'integrations.change',
    run: async ({ params: { id = '' }, body }, { integrations }) => {
      const found = await integrations.find(id);
      const changed = found && (await integrations.disable(found.id, body.disabled));
      if (changed === undefined) throw notFound('integration', id);
      return { data: json(changed), subject: changed.id };
    },
  }),
  route({
    method: 'post',
    path: '/integrations/:id/rotate',
    summary: 'A new key; the old one works on for a while',
    body: rotateBody,
    data: withKey,
    audit: 'integrations.rotate',
    run: async ({ params: { id = '' }, body }, { integrations }) => {
      const found = await integrations.find(id);
      const rotated = found && (await integrations.rotate(found.id, body.grace));
      if (rotated === undefined) throw notFound('integration', id);
      return { data: { ...json(rotated.integration), key: rotated.key }, subject: rotated.integration.id };
    },
  }),
];
