import { setTimeout as sleep } from 'node:timers/promises';
import { type Dead, tryProbes } from './probes.ts';
import { restraintCutoffs } from './restraint.ts';
import { watchStorms } from './storm-watch.ts';
import type { LaneDeps } from './work-lane.ts';

const POLL_MS = 1000;
const GAUGES_EVERY = 10;
/** Transactions of storms before everything else gets its turn again. */
const MOST_LOOKS = 20;

/**
 * Once a second: looks what is due, whoever hinted at it or not, and wakes its lanes; watches storms and dead targets.
 * Only reads when there is nothing to do.
 */
export async function keepHouse(deps: LaneDeps, signal: AbortSignal): Promise<void> {
  for (let turn = 0; !signal.aborted; turn += 1) {
    try {
      await turnOnce(deps);
      if (turn % GAUGES_EVERY === 0) await gauge(deps);
    } catch (err) {
      deps.log.error({ action: 'delivery_poll', err }, 'could not look for work; trying again');
    }
    await sleep(POLL_MS, undefined, { signal }).catch(() => undefined);
  }
}

async function turnOnce(deps: LaneDeps): Promise<void> {
  const { store, channels, clock, holder, bell, write, config } = deps;
  const now = clock.now();
  const found = await store.look([...channels.keys()], holder, now, restraintCutoffs(now));
  for (const id of found.targets) bell.ring(id);
  if (found.strays) await write('delivery', (trx) => store.rescue(trx, config.defaultTargetId, clock.now()));
  if (found.storms) await lookAtStorms(deps);
  if (found.probes) await mourn(await write('delivery', (trx) => tryProbes(trx, deps)), deps);
}

async function lookAtStorms(deps: LaneDeps): Promise<void> {
  for (let look = 0; look < MOST_LOOKS; look += 1) {
    if (!(await deps.write('delivery', (trx) => watchStorms(trx, deps)))) return;
  }
}

async function mourn(dead: readonly Dead[], { onTargetDead, log }: LaneDeps): Promise<void> {
  for (const target of dead) {
    log.error({ action: 'target_dead', target: target.id, error: target.lastError }, 'a target takes nothing any more');
    await onTargetDead(target, target.lastError);
  }
}

async function gauge({ store, metrics, channels, clock }: LaneDeps): Promise<void> {
  const rows = new Map((await store.backlog()).map((row) => [row.channel, row]));
  const now = clock.now();
  for (const channel of channels.keys()) {
    const row = rows.get(channel);
    metrics.outboxDepth.set({ channel }, row?.count ?? 0);
    metrics.outboxOldest.set({ channel }, row === undefined ? 0 : Math.max(0, now - row.oldestAt) / 1000);
  }
}
