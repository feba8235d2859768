import { describe, expect, it } from 'vitest';
import { createInStorm } from '../../../src/diagnose/storm/in-storm.ts';
import type { ToldBy } from '../../../src/diagnose/storm/ports.ts';

function asked(...answers: readonly ToldBy[]) {
  let sleptMs = 0;
  let at = 0;
  const inStorm = createInStorm({
    toldBy: async () => answers[Math.min(at++, answers.length - 1)] ?? 'own',
    sleep: async (ms) => {
      sleptMs += ms;
    },
  });
  return { inStorm: () => inStorm('INC-20261122-001'), slept: () => sleptMs };
}

describe('whether a storm tells of an incident', () => {
  it('is known at once when delivery has decided', async () => {
    const storm = asked('storm');
    expect(await storm.inStorm()).toBe(true);
    expect(storm.slept()).toBe(0);
    expect(await asked('own').inStorm()).toBe(false);
  });

  it('waits for delivery to decide, a few seconds at most', async () => {
    expect(await asked('undecided', 'undecided', 'storm').inStorm()).toBe(true);
    const never = asked('undecided');
    expect(await never.inStorm()).toBe(false);
    expect(never.slept()).toBeLessThanOrEqual(3000);
  });
});
