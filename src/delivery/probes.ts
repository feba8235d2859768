import type { Trx } from '../store/database.ts';
import { probeDelayMs } from './backoff.ts';
import type { RoundDeps } from './round-deps.ts';
import type { Target } from './target-ports.ts';

const LEASE_MS = 30_000;

/** A target that is still dead, and why. */
export type Dead = Target & { readonly lastError: string };

/** Looks at the dead targets that are due for it, lets one card through at each, and names those still dead. */
export async function tryProbes(trx: Trx, { store, clock, newKey }: RoundDeps): Promise<readonly Dead[]> {
  const now = clock.now();
  const dead: Dead[] = [];
  for (const probe of await store.dueProbes(trx, { token: newKey(), until: now + LEASE_MS }, now)) {
    const target = await store.probe(trx, probe, now + probeDelayMs(probe.attempts));
    if (target !== undefined) dead.push(target);
  }
  return dead;
}
