import { expect, it } from 'vitest';
import { giveBackSoon } from '../../src/telemetry/heap.ts';

it('gives memory back a moment later, and not at once', async () => {
  let collected = false;
  const registry = new FinalizationRegistry(() => (collected = true));
  (() => registry.register({ big: Array.from({ length: 100_000 }, () => 'x') }, 'big'))();
  giveBackSoon();
  expect(collected).toBe(false);
  await expect.poll(() => collected, { interval: 100 }).toBe(true);
});
