import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createUnderWay } from '../../src/http/under-way.ts';

describe('what is under way', () => {
  it('is all that entered and has not left', () => {
    const underWay = createUnderWay<{ readonly name: string }>();
    const [a, b, c] = [{ name: 'a' }, { name: 'b' }, { name: 'c' }];
    const place = underWay.enter(a);
    underWay.enter(b);
    underWay.leave(place);
    underWay.enter(c);
    expect(new Set(underWay.all())).toEqual(new Set([b, c]));
  });

  it('lets nobody out by leaving twice', () => {
    const underWay = createUnderWay<{ readonly name: string }>();
    const place = underWay.enter({ name: 'a' });
    underWay.leave(place);
    underWay.leave(place);
    const [first, second] = [{ name: 'b' }, { name: 'c' }];
    underWay.enter(first);
    underWay.enter(second);
    expect(underWay.all()).toEqual([first, second]);
  });

  it('keeps nothing of those who left until a full collection, as a Set does', () => {
    expect(mostMebibytes('set')).toBeGreaterThan(30);
    expect(mostMebibytes('under-way')).toBeLessThan(20);
  });
});

/** The most that a small collection left behind. */
function mostMebibytes(kind: 'under-way' | 'set'): number {
  const program = join(import.meta.dirname, 'under-way-main.ts');
  const { stdout } = spawnSync(process.execPath, ['--trace-gc', program, kind], {
    encoding: 'utf8',
    timeout: 30_000,
  });
  const sizes = [...stdout.matchAll(/Scavenge [\d.]+ \([\d.]+\) -> ([\d.]+)/g)].map(([, size]) => Number(size));
  expect(sizes.length).toBeGreaterThan(20);
  return Math.max(...sizes);
}
