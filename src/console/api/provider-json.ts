import { z } from 'zod';
import { PROVIDER_KINDS, type ProviderView, THINK_WORDS } from '../../operations/provider.ts';
import { isoOrNull, time } from './schemas.ts';

/** A provider as REST tells it: everything but its key. */
export const providerShape = z.object({
  id: z.string().describe('of one that the environment configures: its name'),
  name: z.string(),
  kind: z.enum(PROVIDER_KINDS),
  from: z.enum(['environment', 'row']),
  base_url: z.string(),
  model: z.string().nullable(),
  has_api_key: z.boolean(),
  timeout_ms: z.number(),
  concurrency: z.number(),
  num_ctx: z.number().nullable(),
  think: z.enum(THINK_WORDS).nullable(),
  enabled: z.boolean(),
  position: z.number().int().nullable().describe('in the fail-over order, from 1; null when it is not asked'),
  problem: z.string().nullable().describe('why it cannot be asked as it is configured'),
  state: z
    .object({
      breaker: z.enum(['closed', 'half_open', 'open']),
      busy: z.number().int().describe('calls under way'),
      fault: z.string().nullable(),
      until: time.nullable(),
    })
    .nullable(),
  created_at: time.nullable(),
});

export const providerJson = (view: ProviderView): z.infer<typeof providerShape> => ({
  id: view.id,
  name: view.name,
  kind: view.kind,
  from: view.from,
  base_url: view.baseUrl,
  model: view.model ?? null,
  has_api_key: view.hasApiKey,
  timeout_ms: view.timeoutMs,
  concurrency: view.concurrency,
  num_ctx: view.numCtx ?? null,
  think: view.think ?? null,
  enabled: view.enabled,
  position: view.position ?? null,
  problem: view.problem ?? null,
  state: view.state === undefined ? null : stateJson(view.state),
  created_at: isoOrNull(view.createdAt),
});

const stateJson = ({ breaker, busy, fault, until }: NonNullable<ProviderView['state']>) => ({
  breaker,
  busy,
  fault: fault ?? null,
  until: isoOrNull(until),
});
