import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { LIMITS, type Part, type Work, createQueue } from '../../src/store/commit-queue.ts';

const part = (): Part => ({
  kind: 'arrival',
  arrival: { alerts: [], receivedAt: 1, digest: '', traceId: '' },
  bytes: 0,
  resolve: () => undefined,
  reject: () => undefined,
});
const delivery = (): Work => ({
  kind: 'work',
  priority: 'delivery',
  work: async () => undefined,
  resolve: () => undefined,
  reject: () => undefined,
});

/** For how long a crowd that never ends keeps works waiting after a transaction of theirs took `ms`. */
async function restAfter(ms: number): Promise<number> {
  const queue = createQueue(LIMITS, true);
  const crowd = () => queue.pushParts(Array.from({ length: 8 }, part));
  queue.pushWork(delivery());
  crowd();
  while (!queue.take().some(({ kind }) => kind === 'work'));
  queue.worked(ms);
  queue.pushWork(delivery());
  const startedAt = performance.now();
  for (;;) {
    crowd();
    if (queue.take().some(({ kind }) => kind === 'work')) return performance.now() - startedAt;
    await sleep(5);
  }
}

it('lets works rest nine times as long as they took while alerts crowd, within bounds', async () => {
  expect(await restAfter(0)).toBeGreaterThanOrEqual(45);
  expect(await restAfter(20)).toBeGreaterThanOrEqual(180);
  expect(await restAfter(60_000)).toBeLessThan(2000);
});
