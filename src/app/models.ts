import { MODEL_DEFAULTS, type ModelConfig } from '../config-llm.ts';
import { createDify } from '../diagnose/providers/dify.ts';
import type { Model } from '../diagnose/providers/model.ts';
import { createOllama } from '../diagnose/providers/ollama.ts';
import { createOpenAi } from '../diagnose/providers/openai.ts';
import { AppError, InvalidConfig } from '../errors.ts';
import type { ProviderRow, ProviderSettings } from '../operations/provider.ts';
import type { Edges } from '../types.ts';

/** What a prompt may have where the endpoint does not say what it takes, estimated tokens. */
const PROMPT_TOKENS = 16_000;

/** A configuration with its model, or with why there can be none. */
export interface Configured {
  readonly config: ModelConfig;
  readonly model?: Model;
  readonly problem?: string;
}

/** The models of the environment. Throws `InvalidConfig` for an address or key that cannot be one. */
export function environmentModels(configs: readonly ModelConfig[], edges: Edges): readonly Configured[] {
  const all = configs.map((config) => configured(config, edges));
  const faults = all.flatMap(({ config, problem }) =>
    problem === undefined ? [] : [`  - ${config.name}: ${problem}`],
  );
  if (faults.length > 0) throw new InvalidConfig(`The models cannot be used as configured:\n${faults.join('\n')}`);
  return all;
}

type Described = Pick<ProviderRow, 'name' | 'kind' | 'baseUrl' | keyof ProviderSettings> & {
  readonly model?: string | undefined;
};

/** A row with whatever it leaves out. */
export function rowConfig(row: Described, apiKey: string | undefined): ModelConfig {
  const { name, kind, baseUrl, model } = row;
  const { timeoutMs = MODEL_DEFAULTS[kind][0], concurrency = MODEL_DEFAULTS[kind][1], numCtx, think } = row;
  return {
    name,
    kind,
    baseUrl,
    timeoutMs,
    concurrency,
    ...(model === undefined ? {} : { model }),
    ...(apiKey === undefined ? {} : { apiKey }),
    ...(numCtx === undefined ? {} : { numCtx }),
    ...(think === undefined ? {} : { think }),
  };
}

/** Never throws for what a person can mend. */
export function configured(config: ModelConfig, edges: Edges): Configured {
  try {
    return { config, model: modelOf(config, edges) };
  } catch (err) {
    if (!(err instanceof AppError)) throw err;
    return { config, problem: err.message };
  }
}

/** The endpoint that a configuration or a row describes. Throws `ModelFailed` `misconfigured` for an address that cannot be one. */
function modelOf(config: ModelConfig, edges: Edges): Model {
  const { name, baseUrl, timeoutMs, concurrency, model = '', apiKey, numCtx, think } = config;
  const shared = { name, baseUrl, timeoutMs, concurrency };
  switch (config.kind) {
    case 'openai':
      return createOpenAi({ ...shared, model, edges, ...(apiKey === undefined ? {} : { apiKey }) });
    case 'ollama':
      return createOllama({
        ...shared,
        model,
        edges,
        ...(numCtx === undefined ? {} : { numCtx }),
        ...(think === undefined ? {} : { think: think === 'true' || (think !== 'false' && think) }),
      });
    case 'dify':
      return createDify({ ...shared, apiKey: apiKey ?? '', promptTokens: PROMPT_TOKENS, edges });
  }
  return config.kind satisfies never;
}
