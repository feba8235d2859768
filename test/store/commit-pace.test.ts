import { expect, it } from 'vitest';
import { createPace } from '../../src/store/commit-pace.ts';

it('gives a transaction the alerts that fit into 8 ms at the pace of those before', () => {
  const pace = createPace(256);
  expect(pace.most()).toBe(256);
  pace.stored(100, 10);
  expect(pace.most()).toBe(80);
});

it('never takes fewer than 32, however slow the database is, nor more than the bound, however fast', () => {
  const pace = createPace(256);
  pace.stored(32, 5000);
  expect(pace.most()).toBe(32);
  for (let times = 0; times < 60; times += 1) pace.stored(256, 0.1);
  expect(pace.most()).toBe(256);
});

it('learns nothing from a few alerts: what each transaction costs is not what an alert costs', () => {
  const pace = createPace(256);
  pace.stored(2, 20);
  expect(pace.most()).toBe(256);
});

it('forgets one slow transaction within a few', () => {
  const pace = createPace(256);
  pace.stored(100, 1);
  pace.stored(100, 30);
  const after = pace.most();
  for (let times = 0; times < 10; times += 1) pace.stored(100, 1);
  expect(after).toBeLessThan(100);
  expect(pace.most()).toBeGreaterThan(200);
});
