import { describe, expect, it } from 'vitest';
import { createRandom } from '../soak/random.ts';
import { valueAt } from './recorded/shape.ts';

const random = createRandom(1);
const at = (minute: number, events: Parameters<typeof valueAt>[0]['events']): number =>
  valueAt({ base: 10, noise: 0, events }, minute, random);

describe('the shape of a recorded series', () => {
  it('steps, ramps, drops and peaks when it says so', () => {
    expect([at(-6, [{ at: -5, kind: 'step', to: 3 }]), at(-5, [{ at: -5, kind: 'step', to: 3 }])]).toEqual([10, 3]);
    expect([-12, -6, 0, 5].map((minute) => at(minute, [{ at: -12, kind: 'ramp', to: 34, over: 12 }]))).toEqual([
      10, 22, 34, 34,
    ]);
    expect([-3, 0, 2].map((minute) => at(minute, [{ at: -2, kind: 'spike', to: 90, over: 3 }]))).toEqual([10, 90, 10]);
    expect(at(1, [{ at: 0, kind: 'drop', to: 0 }])).toBe(0);
  });

  it('goes from one event on to the next', () => {
    const events = [
      { at: 0, kind: 'drop', to: 3 },
      { at: -12, kind: 'ramp', to: 34, over: 12 },
    ] as const;
    expect(at(-6, [...events])).toBe(22);
    expect(at(1, [...events])).toBe(3);
  });
});
