import { z } from 'zod';
import { list, someDuration, someNumber, url } from './config-fields.ts';
import {
  type ProviderKind as Kind,
  PROVIDER_KINDS as KINDS,
  THINK_WORDS,
  type ThinkWord,
} from './operations/provider.ts';

/** One endpoint, from names such as `OPENAI_BASE_URL` or, several of a kind, `OPENAI_DEEPSEEK_BASE_URL`. */
export interface ModelConfig {
  /** `openai`, `openai:deepseek`. */
  readonly name: string;
  readonly kind: Kind;
  readonly baseUrl: string;
  readonly apiKey?: string;
  /** None for Dify, whose app has its own. */
  readonly model?: string;
  /** ms. */
  readonly timeoutMs: number;
  readonly concurrency: number;
  /** Ollama's context window, tokens. */
  readonly numCtx?: number;
  /** Ollama: what `think` is set to; absent, it is left out. */
  readonly think?: ThinkWord;
}

const think = z.enum(THINK_WORDS, { message: 'must be false, true, low, medium or high' });
const timeout = someDuration.refine((ms) => ms >= 1000 && ms <= 3_600_000, { message: 'must be between 1s and 1h' });
const concurrency = someNumber(1, 64);

/** Language models. */
export const LLM = {
  LLM_PROVIDERS: list,
  DIFY_BASE_URL: url.optional(),
  DIFY_API_KEY: z.string().min(1).optional(),
  DIFY_TIMEOUT: timeout.optional(),
  DIFY_CONCURRENCY: concurrency.optional(),
  OPENAI_BASE_URL: url.optional(),
  OPENAI_API_KEY: z.string().min(1).optional(),
  OPENAI_MODEL: z.string().min(1).optional(),
  OPENAI_TIMEOUT: timeout.optional(),
  OPENAI_CONCURRENCY: concurrency.optional(),
  OLLAMA_BASE_URL: url.optional(),
  OLLAMA_MODEL: z.string().min(1).optional(),
  OLLAMA_NUM_CTX: someNumber(2048, 1_048_576).optional(),
  OLLAMA_THINK: think.optional(),
  OLLAMA_TIMEOUT: timeout.optional(),
  OLLAMA_CONCURRENCY: concurrency.optional(),
  LLM_DAILY_BUDGET: z.coerce
    .number({ message: 'is no number' })
    .min(0, { message: 'must be at least 0' })
    .max(1_000_000_000, { message: 'is too much' })
    .optional(),
  LLM_CURRENCY: z
    .string()
    .regex(/^[A-Z]{3}$/, { message: 'must be three capital letters, such as USD or CNY' })
    .default('USD'),
  LLM_DATA_POLICY: z
    .enum(['full', 'redacted', 'metadata_only'], { message: 'must be full, redacted or metadata_only' })
    .default('redacted'),
};

export const LLM_SECRETS = ['DIFY_API_KEY', 'OPENAI_API_KEY'] as const;

type Values = Readonly<Record<string, string | undefined>>;

/** The fields of one endpoint, as they stand behind its prefix. */
const FIELDS = {
  BASE_URL: LLM.OPENAI_BASE_URL,
  API_KEY: LLM.OPENAI_API_KEY,
  MODEL: LLM.OPENAI_MODEL,
  TIMEOUT: LLM.OPENAI_TIMEOUT,
  CONCURRENCY: LLM.OPENAI_CONCURRENCY,
  NUM_CTX: LLM.OLLAMA_NUM_CTX,
  THINK: LLM.OLLAMA_THINK,
} as const;
const NAMED =
  /^(DIFY|OPENAI|OLLAMA)_([A-Z0-9]+(?:_[A-Z0-9]+)*)_(BASE_URL|API_KEY|MODEL|TIMEOUT|CONCURRENCY|NUM_CTX|THINK)$/;

/** Whether a name belongs to one of several endpoints of a kind: `OPENAI_DEEPSEEK_API_KEY`. */
export const isNamedModel = (name: string): boolean => NAMED.test(name);

/** The endpoints that the environment describes, in fail-over order, and what is wrong with them. */
export function readModels(values: Values): {
  readonly models: readonly ModelConfig[];
  readonly faults: readonly string[];
  readonly warnings: readonly string[];
} {
  const faults: string[] = [];
  const known = new Map(
    prefixesOf(values).map(({ name, kind, prefix }) => [name, readOne(name, kind, prefix, values, faults)]),
  );
  const listed = (values['LLM_PROVIDERS'] ?? '')
    .split(',')
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== '' && name !== 'rules');
  const order = listed.length === 0 ? [...known.keys()] : listed;
  for (const name of order)
    if (!known.has(name) && KINDS.some((kind) => kind === name || name.startsWith(`${kind}:`)))
      faults.push(`LLM_PROVIDERS names ${name}, but ${prefixOf(name)}BASE_URL is not set`);
  return { models: order.flatMap((name) => known.get(name) ?? []), faults, warnings: withoutAddress(values) };
}

/** Those of one endpoint by itself; `OPENAI_API_KEY` is on many machines for other programs, and says nothing. */
const PLAIN = /^(?:(?:OPENAI|OLLAMA)_MODEL|DIFY_API_KEY)$/;

/** A model without an address is asked nowhere, and nobody would notice. */
const withoutAddress = (values: Values): readonly string[] =>
  Object.keys(values).flatMap((key) => {
    if (!PLAIN.test(key) && NAMED.exec(key)?.[3] !== 'MODEL') return [];
    const address = key.replace(/(?:MODEL|API_KEY)$/, 'BASE_URL');
    return values[address] === undefined ? [`${key} is of no use without ${address}`] : [];
  });

const prefixOf = (name: string): string => `${name.toUpperCase().replaceAll(/[^A-Z0-9]/g, '_')}_`;

/** Each kind by itself first, then those with names, by name. */
function prefixesOf(values: Values) {
  const plain = KINDS.filter((kind) => values[`${kind.toUpperCase()}_BASE_URL`] !== undefined).map((kind) => ({
    name: kind as string, // oxlint-disable-line typescript/no-unnecessary-type-assertion -- names are wider than kinds
    kind,
    prefix: `${kind.toUpperCase()}_`,
  }));
  const named = Object.keys(values)
    .toSorted()
    .flatMap((key) => {
      const [, kind = '', name = '', field] = NAMED.exec(key) ?? [];
      const known = KINDS.find((one) => one === kind.toLowerCase());
      if (known === undefined || field !== 'BASE_URL') return [];
      return [{ name: `${known}:${name.toLowerCase().replaceAll('_', '-')}`, kind: known, prefix: `${kind}_${name}_` }];
    });
  return [...plain, ...named];
}

/** Of each kind: the deadline of a call, ms, and calls at once. */
export const MODEL_DEFAULTS = { dify: [90_000, 4], openai: [90_000, 4], ollama: [300_000, 1] } as const;

function readOne(name: string, kind: Kind, prefix: string, values: Values, faults: string[]): ModelConfig {
  const read = <F extends keyof typeof FIELDS>(field: F): z.output<(typeof FIELDS)[F]> => {
    const parsed = FIELDS[field].safeParse(values[`${prefix}${field}`]);
    for (const issue of parsed.error?.issues ?? []) faults.push(`${prefix}${field} ${issue.message}`);
    return parsed.data as z.output<(typeof FIELDS)[F]>; // oxlint-disable-line typescript/no-unsafe-type-assertion -- a fault stops the start before anybody reads it
  };
  const [timeoutMs, atOnce] = MODEL_DEFAULTS[kind];
  const model = read('MODEL');
  if (kind === 'dify' && values[`${prefix}API_KEY`] === undefined)
    faults.push(`${prefix}API_KEY is needed: the key of the Dify app`);
  if (kind !== 'dify' && model === undefined)
    faults.push(`${prefix}MODEL is needed: the model to ask at ${prefix}BASE_URL`);
  const optional = { apiKey: read('API_KEY'), model, numCtx: read('NUM_CTX'), think: read('THINK') };
  return {
    name,
    kind,
    baseUrl: read('BASE_URL') ?? '',
    timeoutMs: read('TIMEOUT') ?? timeoutMs,
    concurrency: read('CONCURRENCY') ?? atOnce,
    ...(Object.fromEntries(
      Object.entries(optional).filter(([, value]) => value !== undefined),
    ) as Partial<ModelConfig>), // oxlint-disable-line typescript/no-unsafe-type-assertion -- the same fields, without those that are absent
  };
}
