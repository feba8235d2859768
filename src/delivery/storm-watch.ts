import type { Trx } from '../store/database.ts';
import type { EpochMs } from '../types.ts';
import type { RoundDeps } from './round-deps.ts';
import { decideWeather, releaseBudget } from './storm.ts';
import type { Absorbed, Released, StormRow } from './storm-ports.ts';

/** How often a storm is looked at; also how often changes of its members are gathered into one revision. */
const LOOK_MS = 5000;
const LEASE_MS = 30_000;

type WatchDeps = Pick<RoundDeps, 'store' | 'clock' | 'config' | 'newKey'>;

/** Looks at some of the storms that are due for it; false when there was none. */
export async function watchStorms(trx: Trx, deps: WatchDeps): Promise<boolean> {
  const now = deps.clock.now();
  const lease = { token: deps.newKey(), until: now + LEASE_MS };
  const storms = await deps.store.dueStorms(trx, lease, now);
  for (const storm of storms) await watchStorm(trx, storm, deps, now);
  return storms.length > 0;
}

async function watchStorm(trx: Trx, storm: StormRow, deps: WatchDeps, now: EpochMs): Promise<void> {
  const { store, config } = deps;
  const absorbed = await store.absorbChanges(trx, storm);
  if (storm.endedAt !== undefined) {
    await clearUp(trx, storm, absorbed, deps, now);
    return;
  }
  const lastMinute = await store.stormRate(trx, storm, config.stormPerMinute, now);
  const since = storm.calmSince === undefined ? {} : { calmSince: storm.calmSince };
  const { calmSince, ended } = decideWeather({ perMinute: config.stormPerMinute, lastMinute, ...since }, now);
  const { released, more } = await releaseSome(trx, storm, 'critical', deps, now);
  const change = {
    ...(calmSince === undefined ? {} : { calmSince }),
    ...(ended ? { endedAt: now } : {}),
    raise: absorbed.changed || ended || released > 0,
    nextAt: nextLook(absorbed.more || more, now),
  };
  await store.changeStorm(trx, storm, change, now);
}

/** After the storm: those still open get a card, worst first, at half the rate; then it is forgotten. */
async function clearUp(trx: Trx, storm: StormRow, absorbed: Absorbed, deps: WatchDeps, now: EpochMs): Promise<void> {
  const { released, more } = await releaseSome(trx, storm, 'open', deps, now);
  // What is not counted yet may have reopened.
  const settled = absorbed.more ? 'held' : await deps.store.settleStorm(trx, storm);
  const next =
    settled === 'settled' ? {} : { nextAt: nextLook(absorbed.more || more || settled === 'unfinished', now) };
  await deps.store.changeStorm(trx, storm, { raise: absorbed.changed || released > 0, ...next }, now);
}

/** What a look left undone because it was too much is done at once, but in another transaction. */
const nextLook = (unfinished: boolean, now: EpochMs): EpochMs => (unfinished ? now : now + LOOK_MS);

/** Criticals leave a storm that lasts at its full rate, everything else one that is over at half of it. */
async function releaseSome(
  trx: Trx,
  storm: StormRow,
  only: 'critical' | 'open',
  deps: WatchDeps,
  now: EpochMs,
): Promise<Released> {
  const { store, config, newKey } = deps;
  const { stormPerMinute: perMinute } = config;
  const count =
    only === 'critical'
      ? perMinute - (await store.criticalsLastMinute(trx, storm.targetId, perMinute, now))
      : releaseBudget(perMinute, await store.releasedLastMinute(trx, storm.id, perMinute, now));
  return store.releaseMembers(trx, storm, { count: Math.max(0, count), only, newKey }, now);
}
