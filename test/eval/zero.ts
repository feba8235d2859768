import type { EpochMs } from '../../src/types.ts';
import type { Scenario } from './scenario.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/**
 * Metrics whose values are times do not move with a scenario: its zero is where they make its story true. Each is
 * reckoned from the time that the recorded metric names.
 */
const FIXED: Readonly<Record<string, EpochMs>> = {
  // The kubelet was last seen eight minutes before.
  'node-pleg-en': 1_763_000_000_000 + 8 * MINUTE_MS,
  // The certificate expired when the first errors came, 18 minutes before.
  'two-causes-storefront-en': 1_763_500_000_000 + 18 * MINUTE_MS,
  // It expired at midnight in Beijing, and ten minutes later nobody had called back.
  'cert-partner-callback-zh': 1_763_568_000_000 + 10 * MINUTE_MS,
  // Nothing was written for 12 minutes.
  'rabbit-poison-track-zh': 1_763_600_000_000 + 12.5 * MINUTE_MS,
  // Six days and a few hours are left.
  'cert-acme-dns-en': 1_764_200_000_000 - 6 * DAY_MS - 4 * 60 * MINUTE_MS,
};

const FIRST = Date.parse('2025-11-24T07:40:00Z');

/**
 * When a scenario's minute zero is: each has a day of its own, and the day before it has its series when all was
 * calm, so that none sees another's. Within an even two hours, which is one block of Prometheus' storage.
 */
export const zeroOf = ({ id, seed }: Scenario): EpochMs => FIXED[id] ?? FIRST + 2 * (seed - 1000) * DAY_MS;

/** Nothing is recorded before or after, minutes. */
export const RECORDED = { from: -90, to: 3 } as const;

/** When the diagnosis is made: the last alert that came is a minute old. */
export const nowOf = ({ alert }: Scenario, zero: EpochMs): EpochMs =>
  zero + (Math.max(...alert.map(({ startsAt }) => startsAt)) + 1) * MINUTE_MS;
