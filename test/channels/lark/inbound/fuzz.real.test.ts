import { expect, it } from 'vitest';
import { fuzz } from './fuzz.ts';

it('100,000 random and mutated requests: no throw, no 5xx, nothing believed without proof', async () => {
  for (let part = 0; part < 10; part += 1) expect(await fuzz(10_000, part)).toBeGreaterThan(400);
});
