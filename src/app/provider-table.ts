import { AppError } from '../errors.ts';
import type { ProviderRow } from '../operations/provider.ts';
import type { ProviderRows } from '../store/providers.ts';
import type { Edges } from '../types.ts';
import { type Configured, configured, rowConfig } from './models.ts';

export interface ProviderTableDeps {
  readonly rows: Pick<ProviderRows, 'list' | 'openKey'>;
  readonly edges: Edges;
  /** A row is new, changed or gone: whatever was learnt of a model of this name is out of date. */
  readonly onChange: (name: string) => void;
  /** The keys of rows, as they are from now on; also of rows that are not asked. */
  readonly onKeys: (keys: readonly string[]) => void;
}

export interface KnownRow extends Configured {
  readonly row: ProviderRow;
}

/** Rows are read again when they were read longer ago than this, ms: a command beside us may have changed them. */
const FRESH_MS = 5000;

/** The providers that rows name, each with its model, which lives as long as its row stays as it is. */
export function createProviderTable(deps: ProviderTableDeps) {
  const { edges } = deps;
  let known: readonly KnownRow[] = [];
  let readAt = -Infinity;
  let reading: Promise<void> | undefined;

  const read = async (): Promise<void> => {
    const startedAt = edges.clock.now();
    const before = new Map(known.map((one) => [one.row.name, one]));
    const rows = await deps.rows.list();
    known = rows.map((row) => {
      const same = before.get(row.name);
      return same !== undefined && sign(same.row) === sign(row) ? same : { ...open(row, deps), row };
    });
    deps.onKeys(known.flatMap(({ config }) => config.apiKey ?? []));
    readAt = startedAt;
    const now = new Map(known.map((one) => [one.row.name, one]));
    for (const name of new Set([...before.keys(), ...now.keys()]))
      if (before.get(name) !== now.get(name)) deps.onChange(name);
  };

  const refresh = (): Promise<void> => {
    if (edges.clock.now() - readAt < FRESH_MS) return Promise.resolve();
    reading ??= read().finally(() => {
      reading = undefined;
    });
    return reading;
  };

  return {
    known: (): readonly KnownRow[] => known,
    refresh,
    /** What was just written is read at once. */
    reread: async (): Promise<void> => {
      await reading;
      readAt = -Infinity;
      await refresh();
    },
  };
}

const sign = (row: ProviderRow): string => JSON.stringify(row);

/** A row that cannot be used never stops the server: it is listed with its fault. */
function open(row: ProviderRow, { rows, edges }: ProviderTableDeps): Configured {
  try {
    return configured(rowConfig(row, rows.openKey(row)), edges);
  } catch (err) {
    if (!(err instanceof AppError)) throw err;
    return { config: rowConfig(row, undefined), problem: err.message };
  }
}
