import type { ModelConfig } from '../config-llm.ts';
import { createDify } from '../diagnose/providers/dify.ts';
import type { Model } from '../diagnose/providers/model.ts';
import { createOllama } from '../diagnose/providers/ollama.ts';
import { createOpenAi } from '../diagnose/providers/openai.ts';
import type { Edges } from '../types.ts';

/** What a prompt may have where the endpoint does not say what it takes, estimated tokens. */
const PROMPT_TOKENS = 16_000;

/** The endpoint that a configuration or a row describes. Throws `ModelFailed` `misconfigured` for an address that cannot be one. */
export function modelOf(config: ModelConfig, edges: Edges): Model {
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
