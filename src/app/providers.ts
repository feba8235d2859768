import type { Config } from '../config.ts';
import type { ProviderState } from '../diagnose/chain/chain.ts';
import type { Model } from '../diagnose/providers/model.ts';
import type { ProviderRow, ProviderTest, ProviderView, Providers } from '../operations/provider.ts';
import type { ProviderRows } from '../store/providers.ts';
import type { Clock } from '../types.ts';
import type { Configured } from './models.ts';
import { createProviderEdits } from './provider-edits.ts';
import { type ProviderTableDeps, createProviderTable } from './provider-table.ts';
import { type KnownProvider, isAsked, viewOf } from './provider-view.ts';

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

/** The environment's models and those of rows, which people may change while we run, here or beside us. */
export function createProviders(deps: ProvidersDeps): LiveProviders {
  const { environment, rows, edges } = deps;
  const table = createProviderTable(deps);
  const edits = createProviderEdits(deps);
  const listed = deps.config.LLM_PROVIDERS.map((name) => name.toLowerCase()).filter((name) => name !== 'rules');

  /** As `LLM_PROVIDERS` lists them; rows that it does not name follow. */
  const ordered = (): readonly KnownProvider[] => {
    const placeOf = ({ config }: Configured): number =>
      listed.includes(config.name) ? listed.indexOf(config.name) : listed.length;
    return [...environment, ...table.known()].toSorted((a, b) => placeOf(a) - placeOf(b));
  };
  const asked = (): readonly KnownProvider[] => ordered().filter(isAsked);
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
  const rowView = async (row: ProviderRow | undefined) => row && find(row.id);

  return {
    models: () => asked().flatMap(({ model }) => model ?? []),
    refresh: table.refresh,
    list: views,
    find,
    add: async (provider) => rowView(await edits.add(provider)),
    change: async (id, changes) => rowView(await edits.change(id, changes)),
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

/** Also of one that is switched off: it is tested before it is switched on. */
async function probed({ model, problem }: KnownProvider, clock: Clock, signal: AbortSignal): Promise<ProviderTest> {
  if (model === undefined) return { ok: false, ms: 0, problems: [problem ?? ''] };
  const startedAt = clock.now();
  const health = await model.probe(signal);
  return { ...health, ms: clock.now() - startedAt };
}
