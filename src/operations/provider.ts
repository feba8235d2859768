import { z } from 'zod';
import type { EpochMs } from '../types.ts';

export const PROVIDER_KINDS = ['dify', 'openai', 'ollama'] as const;
export type ProviderKind = (typeof PROVIDER_KINDS)[number];

export const THINK_WORDS = ['false', 'true', 'low', 'medium', 'high'] as const;
export type ThinkWord = (typeof THINK_WORDS)[number];

/** What a provider may be told besides where it is. Times in ms. */
export interface ProviderSettings {
  readonly timeoutMs?: number | undefined;
  readonly concurrency?: number | undefined;
  /** Ollama's context window, tokens. */
  readonly numCtx?: number | undefined;
  /** Ollama: what `think` is set to. */
  readonly think?: ThinkWord | undefined;
}

/** An endpoint that a row names, as it is stored; its key is sealed and never read back. */
export interface ProviderRow extends ProviderSettings {
  readonly id: string;
  readonly name: string;
  readonly kind: ProviderKind;
  readonly baseUrl: string;
  readonly model?: string;
  readonly sealedKey?: string;
  readonly enabled: boolean;
  readonly createdAt: EpochMs;
}

export interface NewProvider extends ProviderSettings {
  readonly name: string;
  readonly kind: ProviderKind;
  readonly baseUrl: string;
  readonly model?: string | undefined;
  readonly apiKey?: string | undefined;
}

/** What is left out stays; null takes a thing away. */
export interface ProviderChanges {
  readonly baseUrl?: string | undefined;
  readonly model?: string | undefined;
  readonly apiKey?: string | null | undefined;
  readonly timeoutMs?: number | null | undefined;
  readonly concurrency?: number | null | undefined;
  readonly numCtx?: number | null | undefined;
  readonly think?: ThinkWord | null | undefined;
  readonly enabled?: boolean | undefined;
}

/** A provider as people see it, wherever it is configured. */
export interface ProviderView extends ProviderSettings {
  /** The row's; the name of one that the environment configures. */
  readonly id: string;
  readonly name: string;
  readonly kind: ProviderKind;
  readonly baseUrl: string;
  readonly model?: string | undefined;
  readonly from: 'environment' | 'row';
  readonly hasApiKey: boolean;
  readonly timeoutMs: number;
  readonly concurrency: number;
  readonly enabled: boolean;
  /** Its place in the fail-over order, from 1; none when it is not asked. */
  readonly position?: number;
  /** Why it cannot be asked as it is configured, and what to do. */
  readonly problem?: string;
  /** As this process finds it; none where nobody is asked. */
  readonly state?: ProviderHealth;
  readonly createdAt?: EpochMs;
}

export interface ProviderHealth {
  readonly breaker: 'closed' | 'half_open' | 'open';
  /** Calls under way. */
  readonly busy: number;
  /** Why it is left alone. */
  readonly fault?: string;
  readonly until?: EpochMs;
}

export interface ProviderTest {
  readonly ok: boolean;
  readonly ms: number;
  readonly found?: string;
  /** Each with what to do about it. */
  readonly problems: readonly string[];
}

/** The models that can be asked: those of the environment and those of rows, which may change while we run. */
export interface Providers {
  /** In fail-over order; those that are not asked last. */
  list(): Promise<readonly ProviderView[]>;
  /** By id or name. */
  find(idOrName: string): Promise<ProviderView | undefined>;
  /** Undefined when the name is taken. Throws `ProviderRefused` for what can be no provider. */
  add(provider: NewProvider): Promise<ProviderView | undefined>;
  /** By a row's id. Throws `ProviderRefused`. */
  change(id: string, changes: ProviderChanges): Promise<ProviderView | undefined>;
  remove(id: string): Promise<boolean>;
  /** Asks it whether it is there and has its model; costs nothing. One that answers is no longer left alone. */
  test(idOrName: string, signal: AbortSignal): Promise<ProviderTest | undefined>;
  /** Names in `LLM_PROVIDERS` that no provider has. */
  unknown(): Promise<readonly string[]>;
}

/** A configuration that can be no provider; the message says what to mend. */
export class ProviderRefused extends Error {}

const name = z
  .string()
  .regex(/^[a-z0-9][a-z0-9._-]{0,39}$/, 'must be small letters, digits, . _ -, at most 40')
  // Names of the environment are a kind, or a kind and a colon: a row never takes one's place unnoticed.
  .refine((text) => ![...PROVIDER_KINDS, 'rules'].includes(text), 'is the name of one that the environment configures');
const timeoutMs = z.int().min(1000, 'must be at least 1 s').max(3_600_000, 'must be at most 1 h');
const concurrency = z.int().min(1, 'must be at least 1').max(64, 'must be at most 64');
const numCtx = z.int().min(2048, 'must be at least 2048').max(1_048_576, 'must be at most 1048576');
const think = z.enum(THINK_WORDS, 'must be false, true, low, medium or high');
const baseUrl = z.string().min(1).max(500).describe('the whole address, such as https://api.deepseek.com/v1');
const model = z.string().trim().min(1).max(200);
const apiKey = z.string().trim().min(1).max(2000).describe('stored sealed, never read back');

/** What a new provider must be, whoever asks for it. */
export const newProvider = z
  .object({
    name,
    kind: z.enum(PROVIDER_KINDS, `must be ${PROVIDER_KINDS.join(', ')}`),
    baseUrl,
    model: model.optional(),
    apiKey: apiKey.optional(),
    timeoutMs: timeoutMs.optional(),
    concurrency: concurrency.optional(),
    numCtx: numCtx.optional(),
    think: think.optional(),
  })
  .superRefine(({ kind, ...given }, context) => {
    const say = (path: string, message: string): void => context.addIssue({ code: 'custom', path: [path], message });
    if (kind === 'dify' && given.apiKey === undefined) say('apiKey', 'is needed: the key of the Dify app');
    if (kind !== 'dify' && given.model === undefined) say('model', 'is needed: the model to ask there');
    if (kind !== 'ollama' && given.numCtx !== undefined) say('numCtx', 'is for Ollama alone');
    if (kind !== 'ollama' && given.think !== undefined) say('think', 'is for Ollama alone');
  });

/** What of a row may change. */
export const providerChanges = z.object({
  baseUrl: baseUrl.optional(),
  model: model.optional(),
  apiKey: apiKey.nullable().optional(),
  timeoutMs: timeoutMs.nullable().optional(),
  concurrency: concurrency.nullable().optional(),
  numCtx: numCtx.nullable().optional(),
  think: think.nullable().optional(),
  enabled: z.boolean().optional(),
});
