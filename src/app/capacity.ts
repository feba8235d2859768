import type { Model } from '../diagnose/providers/model.ts';

/** What the loop that asks models needs to know of them, whenever it looks: they may change while we run. */
export const capacityOf = (models: () => readonly Model[]) => ({
  /** Slots of the loop that asks: each provider has its own besides. */
  slots: (): number =>
    Math.max(
      1,
      models().reduce((sum, { concurrency }) => sum + concurrency, 0),
    ),
  /** What one turn through all of them can take, ms. */
  longestMs: (): number => models().reduce((sum, { timeoutMs }) => sum + 3 * timeoutMs, 60_000),
});
