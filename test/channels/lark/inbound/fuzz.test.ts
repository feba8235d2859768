import { expect, it } from 'vitest';
import { fuzz } from './fuzz.ts';

it('5,000 random and mutated requests: no throw, no 5xx, nothing believed without proof', async () => {
  expect(await fuzz(5000, 20261122)).toBeGreaterThan(200);
});
