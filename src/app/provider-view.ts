import type { ProviderState } from '../diagnose/chain/chain.ts';
import type { ProviderRow, ProviderView } from '../operations/provider.ts';
import type { Configured } from './models.ts';

/** A provider of the environment, or of a row. */
export type KnownProvider = Configured & { readonly row?: ProviderRow };

/** What people are shown of a provider: never its key. `position` is its place among those that are asked. */
export function viewOf(
  { config, row, problem }: KnownProvider,
  position?: number,
  state?: ProviderState,
): ProviderView {
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

/** Whether its turn comes at all. */
export const isAsked = ({ model, row }: KnownProvider): boolean => model !== undefined && row?.enabled !== false;
