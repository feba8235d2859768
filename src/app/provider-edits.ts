import type { ModelConfig } from '../config-llm.ts';
import { AppError } from '../errors.ts';
import { type NewProvider, type ProviderChanges, ProviderRefused, type ProviderRow } from '../operations/provider.ts';
import type { ProviderRows } from '../store/providers.ts';
import type { Edges } from '../types.ts';
import { configured, rowConfig } from './models.ts';

export interface ProviderEditsDeps {
  readonly rows: ProviderRows;
  readonly edges: Edges;
}

/** Rows are written only as they could be asked: both throw `ProviderRefused` in words for the person who edits. */
export function createProviderEdits({ rows, edges }: ProviderEditsDeps) {
  return {
    /** Undefined when the name is taken. */
    add: async ({ apiKey, ...provider }: NewProvider): Promise<ProviderRow | undefined> => {
      mustBeUsable(rowConfig(provider, apiKey), edges);
      return rows.add({ ...provider, apiKey });
    },
    /** Undefined when there is none of this id. */
    change: async (id: string, changes: ProviderChanges): Promise<ProviderRow | undefined> => {
      const row = (await rows.list()).find((one) => one.id === id);
      if (row === undefined) return undefined;
      // Whatever is wrong with it, it can be switched off and on.
      const { enabled: _enabled, ...others } = changes;
      if (Object.values(others).some((value) => value !== undefined)) {
        mustKeepItsKey(row, others);
        mustBeUsable(configAfter(row, others, rows), edges);
      }
      return rows.change(id, changes);
    },
  };
}

/** A key is for the place it was given for: moved along, it could be read there. Throws `ProviderRefused`. */
function mustKeepItsKey({ sealedKey, baseUrl }: ProviderRow, changes: ProviderChanges): void {
  if (sealedKey === undefined || changes.apiKey !== undefined || changes.baseUrl === undefined) return;
  if (URL.parse(changes.baseUrl)?.origin === URL.parse(baseUrl)?.origin) return;
  throw new ProviderRefused('another address needs the api key once more: a stored key is sent nowhere else');
}

/** Throws `ProviderRefused` for what could never be asked. */
function mustBeUsable(config: ModelConfig, edges: Edges): void {
  const { problem } = configured(config, edges);
  if (problem !== undefined) throw new ProviderRefused(problem);
  if (config.kind === 'dify' && config.apiKey === undefined)
    throw new ProviderRefused('apiKey is needed: the key of the Dify app');
}

function configAfter(row: ProviderRow, changes: ProviderChanges, rows: ProviderRows): ModelConfig {
  const { apiKey, ...others } = changes;
  const given = Object.entries(others).filter(([, value]) => value !== undefined);
  const after = { ...row, ...Object.fromEntries(given.map(([name, value]) => [name, value ?? undefined])) };
  try {
    return rowConfig(after, apiKey === undefined ? rows.openKey(row) : (apiKey ?? undefined));
  } catch (err) {
    if (err instanceof AppError) throw new ProviderRefused(err.message, { cause: err });
    throw err;
  }
}
