import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '../../telemetry/log.ts';
import type { Metrics } from '../../telemetry/metrics.ts';
import type { Clock, EpochMs } from '../../types.ts';
import type { Shortfall } from '../diagnosis.ts';
import { type Model, ModelFailed, type ModelFault } from '../providers/model.ts';
import { type Breaker, type BreakerState, CLOSED, admitted, afterFailure, stateOf } from './breaker.ts';
import { type Slots, createSlots } from './slots.ts';

export interface ChainDeps {
  /** In fail-over order; asked for at every call, since rows may change them. */
  readonly models: () => readonly Model[];
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Log;
  readonly metrics: Pick<Metrics, 'breakerState'>;
  /** A provider is left alone from now on; told once for each opening. */
  readonly onOpen: (opening: Opening) => void;
  /** How long a call waits for a free slot before the next provider is asked, ms. */
  readonly slotWaitMs?: number;
}

export interface Opening {
  readonly provider: string;
  readonly fault: ModelFault;
  readonly until: EpochMs;
}

/** What came of asking. `shortfall`: why nobody answered, by the provider that came nearest. */
export type Asked<T> =
  | { readonly ok: true; readonly value: T; readonly model: Model }
  | { readonly ok: false; readonly shortfall: Shortfall; readonly tried: readonly Tried[] };

export interface Tried {
  readonly provider: string;
  readonly why: ModelFault | 'breaker_open' | 'busy' | 'budget' | 'quota';
}

/** Whether a call is paid for; asked before each provider. */
export type Afford = (model: Model) => Promise<'yes' | 'budget' | 'quota'>;

export interface ProviderState {
  readonly provider: string;
  readonly state: BreakerState;
  readonly busy: number;
  readonly fault?: ModelFault;
  readonly until?: EpochMs;
}

export type Chain = ReturnType<typeof createChain>;

const SLOT_WAIT_MS = 20_000;
const RETRY_MS = { least: 1000, most: 4000 };
/** Worth one more try where no other provider can be asked instead. */
const PASSING: ReadonlySet<ModelFault> = new Set(['unavailable', 'rate_limited']);

interface Post {
  readonly slots: Slots;
  breaker: Breaker;
}

/** Providers in order: the first that is well, free and paid for answers; each has its breaker and its slots. */
export function createChain(deps: ChainDeps) {
  const posts = new Map<string, Post>();
  const postOf = (model: Model): Post => {
    const known = posts.get(model.name);
    if (known !== undefined) return known;
    const made: Post = { slots: createSlots(model.concurrency), breaker: CLOSED };
    posts.set(model.name, made);
    return made;
  };

  return {
    /** Rejects only when `signal` aborts, or with what `call` threw that is no `ModelFailed`. */
    ask: async <T>(call: Call<T>, afford: Afford, signal: AbortSignal): Promise<Asked<T>> => {
      const tried: Tried[] = [];
      const models = deps.models();
      for (const [index, model] of models.entries()) {
        const outcome = await tryOne(deps, postOf(model), model, call, afford, index === models.length - 1, signal);
        if (outcome.ok) return outcome;
        tried.push(...outcome.tried);
      }
      return { ok: false, shortfall: shortfallOf(tried), tried };
    },
    states: (): readonly ProviderState[] =>
      deps.models().map((model) => {
        const { breaker, slots } = postOf(model);
        const state = stateOf(breaker, deps.clock.now());
        return {
          provider: model.name,
          state,
          busy: slots.busy,
          ...(state === 'closed' || breaker.fault === undefined ? {} : { fault: breaker.fault }),
          ...(breaker.openUntil === undefined ? {} : { until: breaker.openUntil }),
        };
      }),
    /** Somebody mended a provider: it is asked again at once. */
    forgive: (name: string): boolean => posts.delete(name),
  };
}

type Call<T> = (model: Model, signal: AbortSignal) => Promise<T>;

async function tryOne<T>(
  deps: ChainDeps,
  post: Post,
  model: Model,
  call: Call<T>,
  afford: Afford,
  last: boolean,
  signal: AbortSignal,
): Promise<Asked<T>> {
  const no = (why: Tried['why']): Asked<T> => ({
    ok: false,
    shortfall: 'failed',
    tried: [{ provider: model.name, why }],
  });
  if (stateOf(post.breaker, deps.clock.now()) === 'open') return no('breaker_open');
  const paid = await afford(model);
  if (paid !== 'yes') return no(paid);
  const release = await post.slots.take(deps.slotWaitMs ?? SLOT_WAIT_MS, signal);
  if (release === undefined) return no('busy');
  try {
    // Whoever waited for a slot may find that the call before it opened the breaker.
    const open = admitted(post.breaker, deps.clock.now());
    if (open === undefined) return no('breaker_open');
    post.breaker = open;
    return { ok: true, value: await withRetry(deps, post, model, call, last, signal), model };
  } catch (err) {
    if (!(err instanceof ModelFailed)) throw err;
    signal.throwIfAborted();
    return no(err.fault);
  } finally {
    release();
  }
}

async function withRetry<T>(
  deps: ChainDeps,
  post: Post,
  model: Model,
  call: Call<T>,
  last: boolean,
  signal: AbortSignal,
) {
  for (let attempt = 0; ; attempt += 1) {
    try {
      const value = await call(model, signal);
      note(deps, post, model, CLOSED);
      return value;
    } catch (err) {
      const failure = err instanceof ModelFailed ? err : undefined;
      const fault = failure?.fault ?? 'cancelled';
      const afterMs = typeof failure?.retry === 'object' ? failure.retry.afterMs : undefined;
      note(deps, post, model, afterFailure(post.breaker, fault, deps.clock.now(), afterMs));
      log(deps, model, err);
      const open = stateOf(post.breaker, deps.clock.now()) !== 'closed';
      if (attempt > 0 || !last || open || !PASSING.has(fault) || (afterMs ?? 0) > RETRY_MS.most) throw err;
      await sleep(RETRY_MS.least + deps.random() * (RETRY_MS.most - RETRY_MS.least), undefined, { signal });
    }
  }
}

const GAUGE = { closed: 0, half_open: 1, open: 2 } as const;

function note({ clock, metrics, onOpen }: ChainDeps, post: Post, { name }: Model, next: Breaker): void {
  const opened = next.openings > post.breaker.openings;
  post.breaker = next;
  metrics.breakerState.set({ provider: name }, GAUGE[stateOf(next, clock.now())]);
  if (opened && next.fault !== undefined && next.openUntil !== undefined)
    onOpen({ provider: name, fault: next.fault, until: next.openUntil });
}

function log(deps: ChainDeps, { name }: Model, err: unknown): void {
  const fault = err instanceof ModelFailed ? err.fault : 'unexpected';
  deps.log.warn({ action: 'model_failed', provider: name, fault, err }, 'a model gave no answer');
}

const TIMEOUTS: ReadonlySet<Tried['why']> = new Set(['timeout_first_byte', 'timeout_idle', 'timeout_total']);

/** What to tell people: the first provider's reason, since it is the one they chose. */
function shortfallOf(tried: readonly Tried[]): Shortfall {
  const why = tried[0]?.why;
  if (why === 'breaker_open' || why === 'busy' || why === 'budget' || why === 'quota') return why;
  return why !== undefined && TIMEOUTS.has(why) ? 'timeout' : 'failed';
}
