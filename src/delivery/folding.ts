import type { Trx } from '../store/database.ts';
import type { EpochMs } from '../types.ts';
import type { RoundDeps } from './round-deps.ts';
import { decideFolding } from './storm.ts';
import type { FirstCards } from './storm-ports.ts';
import type { Target } from './target-ports.ts';

/** Before anything is picked: first cards beyond what people can read fold into their target's storm. */
export async function foldRush(trx: Trx, targets: readonly Target[], deps: RoundDeps, now: EpochMs): Promise<void> {
  const ids = targets.map(({ id }) => id);
  const perMinute = deps.config.stormPerMinute;
  for (const rush of await deps.store.firstCards(trx, ids, now)) {
    const { critical, other } = rush.recent;
    if (rush.storm !== undefined || critical + other + rush.waiting > perMinute) await foldOne(trx, rush, deps, now);
  }
}

async function foldOne(trx: Trx, rush: FirstCards, deps: RoundDeps, now: EpochMs): Promise<void> {
  const { store, config, newKey } = deps;
  const { targetId, recent } = rush;
  const waiting = await store.waitingFirstCards(trx, targetId);
  const storming = rush.storm !== undefined;
  const folded = new Set(decideFolding({ perMinute: config.stormPerMinute, storming, recent, waiting }));
  const kept = waiting.filter(({ subjectId }) => !folded.has(subjectId)).map(({ subjectId }) => subjectId);
  await store.admit(trx, targetId, kept, newKey);
  if (folded.size > 0) await store.fold(trx, targetId, [...folded], now);
}
