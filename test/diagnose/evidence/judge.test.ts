import { describe, expect, it } from 'vitest';
import { judge } from '../../../src/diagnose/evidence/prometheus/finding.ts';
import { aboutLabels } from './about.ts';

const STEP = 30_000;

describe('thousands of series', () => {
  it('are looked through without holding anybody up', async () => {
    const series = Array.from({ length: 2000 }, (_, at) => ({
      labels: { pod: `p-${at}` },
      points: Array.from({ length: 100 }, (__, step): [number, number] => [step * STEP, (step * 7 + at) % 13]),
    }));
    let turns = 0;
    const counting = setInterval(() => (turns += 1), 0);
    const judged = await judge(series, { from: 0, to: 100 * STEP, stepMs: STEP }, aboutLabels({}));
    clearInterval(counting);
    expect(judged).toHaveLength(2000);
    expect(turns).toBeGreaterThan(5);
  });
});
