import type { Config } from '../config.ts';
import type { ModelConfig } from '../config-llm.ts';
import type { ProviderState } from '../diagnose/chain/chain.ts';
import type { Model } from '../diagnose/providers/model.ts';
import { AppError } from '../errors.ts';
import {
  type ProviderChanges,
  ProviderRefused,
  type ProviderRow,
  type ProviderTest,
  type ProviderView,
  type Providers,
} from '../operations/provider.ts';
import type { ProviderRows } from '../store/providers.ts';
import type { Clock } from '../types.ts';
import { type Configured, configured, rowConfig } from './models.ts';
import { type ProviderTableDeps, createProviderTable } from './provider-table.ts';

export interface ProvidersDeps extends ProviderTableDeps {
  readonly config: Pick<Config, 'LLM_PROVIDERS'>;
  /** Those of the environment, in their order. */
  readonly environment: readonly Configured[];
  readonly rows: ProviderRows;
  /** How those that are asked are at the moment; none where nobody is asked. */
  readonly states: () => readonly ProviderState[];
}

export interface LiveProviders extends Providers {
  /** In fail-over order, as `refresh` last found them. */
  models(): readonly Model[];
  /** Looks for changes of rows, at most every 5 s. */
  refresh(): Promise<void>;
}

type One = Configured & { readonly row?: ProviderRow };

/** The environment's models and those of rows, which people may change while we run, here or beside us. */
export function createProviders(deps: ProvidersDeps): LiveProviders {
  const { environment, rows, edges } = deps;
  const table = createProviderTable(deps);
  const listed = deps.config.LLM_PROVIDERS.map((name) => name.toLowerCase()).filter((name) => name !== 'rules');

  /** As `LLM_PROVIDERS` lists them; rows that it does not name follow. */
  const ordered = (): readonly One[] => {
    const placeOf = ({ config }: Configured): number =>
      listed.includes(config.name) ? listed.indexOf(config.name) : listed.length;
    return [...environment, ...table.known()].toSorted((a, b) => placeOf(a) - placeOf(b));
  };
  const asked = (): readonly One[] => ordered().filter(isAsked);
  const views = async (): Promise<readonly ProviderView[]> => {
    await table.reread();
    const positions = new Map(asked().map(({ config }, index) => [config.name, index + 1]));
    const states = new Map(deps.states().map((state) => [state.provider, state]));
    return ordered()
      .toSorted((a, b) => Number(isAsked(b)) - Number(isAsked(a)))
      .map((one) => viewOf(one, positions.get(one.config.name), states.get(one.config.name)));
  };
  const find = async (idOrName: string): Promise<ProviderView | undefined> =>
    (await views()).find(({ id, name }) => id === idOrName || name === idOrName);

  return {
    models: () => asked().flatMap(({ model }) => model ?? []),
    refresh: table.refresh,
    list: views,
    find,
    add: async ({ apiKey, ...provider }) => {
      mustBeUsable(rowConfig(provider, apiKey), deps);
      const row = await rows.add({ ...provider, apiKey });
      return row && find(row.id);
    },
    change: async (id, changes) => {
      const row = (await rows.list()).find((one) => one.id === id);
      if (row === undefined) return undefined;
      // Whatever is wrong with it, it can be switched off and on.
      const { enabled: _enabled, ...others } = changes;
      if (Object.values(others).some((value) => value !== undefined)) {
        mustKeepItsKey(row, others);
        mustBeUsable(configAfter(row, others, rows), deps);
      }
      return (await rows.change(id, changes)) && find(id);
    },
    remove: async (id) => {
      const removed = await rows.remove(id);
      await table.reread();
      return removed;
    },
    test: async (idOrName, signal) => {
      const view = await find(idOrName);
      const one = ordered().find(({ config }) => config.name === view?.name);
      if (one === undefined) return undefined;
      const test = await probed(one, edges.clock, signal);
      if (test.ok) deps.onChange(one.config.name);
      return test;
    },
    unknown: async () => {
      await table.refresh();
      const names = new Set(ordered().map(({ config }) => config.name));
      return listed.filter((name) => !names.has(name));
    },
  };
}

const isAsked = ({ model, row }: One): boolean => model !== undefined && row?.enabled !== false;

/** A key is for the place it was given for: moved along, it could be read there. Throws `ProviderRefused`. */
function mustKeepItsKey({ sealedKey, baseUrl }: ProviderRow, changes: ProviderChanges): void {
  if (sealedKey === undefined || changes.apiKey !== undefined || changes.baseUrl === undefined) return;
  if (URL.parse(changes.baseUrl)?.origin === URL.parse(baseUrl)?.origin) return;
  throw new ProviderRefused('another address needs the api key once more: a stored key is sent nowhere else');
}

/** Throws `ProviderRefused` for what could never be asked. */
function mustBeUsable(config: ModelConfig, { edges }: ProvidersDeps): void {
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

function viewOf({ config, row, problem }: One, position?: number, state?: ProviderState): ProviderView {
  const { apiKey, name, kind, baseUrl, model, timeoutMs, concurrency, numCtx, think } = config;
  return {
    id: row?.id ?? name,
    from: row === undefined ? 'environment' : 'row',
    hasApiKey: row === undefined ? apiKey !== undefined : row.sealedKey !== undefined,
    enabled: row?.enabled ?? true,
    name,
    kind,
    baseUrl,
    model,
    timeoutMs,
    concurrency,
    numCtx,
    think,
    ...(position === undefined ? {} : { position }),
    ...(problem === undefined ? {} : { problem }),
    ...(row === undefined ? {} : { createdAt: row.createdAt }),
    ...(state === undefined ? {} : { state: healthOf(state) }),
  };
}

const healthOf = ({ state, busy, fault, until }: ProviderState) => ({
  breaker: state,
  busy,
  ...(fault === undefined ? {} : { fault }),
  ...(until === undefined ? {} : { until }),
});

/** Also of one that is switched off: it is tested before it is switched on. */
async function probed({ model, problem }: One, clock: Clock, signal: AbortSignal): Promise<ProviderTest> {
  if (model === undefined) return { ok: false, ms: 0, problems: [problem ?? ''] };
  const startedAt = clock.now();
  const health = await model.probe(signal);
  return { ...health, ms: clock.now() - startedAt };
}
