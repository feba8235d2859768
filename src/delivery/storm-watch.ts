import type { Trx } from '../store/database.ts';
import type { EpochMs } from '../types.ts';
import type { RoundDeps } from './round-deps.ts';
import { decideWeather, releaseBudget } from './storm.ts';
import type { StormRow } from './work.ts';

/** How often a storm is looked at; also how often changes of its members are gathered into one revision. */
const LOOK_MS = 5000;
const LEASE_MS = 30_000;

/** Looks at every storm that is due for it. */
export async function watchStorms(trx: Trx, deps: RoundDeps): Promise<void> {
  const now = deps.clock.now();
  const lease = { token: deps.newKey(), until: now + LEASE_MS };
  for (const storm of await deps.store.dueStorms(trx, lease, now)) await watchStorm(trx, storm, deps, now);
}

async function watchStorm(trx: Trx, storm: StormRow, deps: RoundDeps, now: EpochMs): Promise<void> {
  const { store, config } = deps;
  const changed = await store.absorbChanges(trx, storm.id);
  if (storm.endedAt !== undefined) {
    await clearUp(trx, storm, changed, deps, now);
    return;
  }
  const lastMinute = await store.stormRate(trx, storm, now);
  const since = storm.calmSince === undefined ? {} : { calmSince: storm.calmSince };
  const { calmSince, ended } = decideWeather({ perMinute: config.stormPerMinute, lastMinute, ...since }, now);
  const risen = await releaseSome(trx, storm, 'critical', deps, now);
  const change = {
    ...(calmSince === undefined ? {} : { calmSince }),
    ...(ended ? { endedAt: now } : {}),
    raise: changed || ended || risen.released > 0,
    nextAt: now + LOOK_MS,
  };
  await store.changeStorm(trx, storm, change, now);
}

/** After the storm: those still open get a card, worst first, at half the rate; then it is forgotten. */
async function clearUp(trx: Trx, storm: StormRow, changed: boolean, deps: RoundDeps, now: EpochMs): Promise<void> {
  const { left, released } = await releaseSome(trx, storm, 'open', deps, now);
  if (left === 0) await deps.store.settleStorm(trx, storm.id);
  const next = left === 0 ? {} : { nextAt: now + LOOK_MS };
  await deps.store.changeStorm(trx, storm, { raise: changed || released > 0, ...next }, now);
}

/** Criticals leave a storm that lasts at its full rate, everything else one that is over at half of it. */
async function releaseSome(trx: Trx, storm: StormRow, only: 'critical' | 'open', deps: RoundDeps, now: EpochMs) {
  const { store, config, newKey } = deps;
  const count =
    only === 'critical'
      ? config.stormPerMinute - (await store.criticalsLastMinute(trx, storm.targetId, now))
      : releaseBudget(config.stormPerMinute, await store.releasedLastMinute(trx, storm.id, now));
  return store.releaseMembers(trx, storm, { count: Math.max(0, count), only, newKey }, now);
}
