import type { SimulatedClock } from './clock.ts';
import type { Throttle } from './throttle.ts';
import type { World } from './world.ts';

/** What every part of the platform works with. */
export interface Deps {
  readonly world: World;
  readonly clock: SimulatedClock;
  readonly throttle: Throttle;
  readonly settings: Settings;
  /** Urgent texts and calls that are left; they cost money, so a tenant has a number of them (230024). */
  readonly urgency: { urgent_sms: number; urgent_phone: number };
  /** API calls that are left of the month's; free tenants have 10,000 (99991403). */
  readonly quota: { calls: number };
}

/** Where the reference says *unverified*, both answers exist and a test chooses. */
export interface Settings {
  /** What a second request with the same `uuid` within the hour gets: the first's message, or 230049. */
  repeatedUuid: 'same-message' | 'refused';
  /** HTTP status of a custom bot's refusal. */
  hookRefusalStatus: 200 | 400;
  /** Whether a retried push carries a signature over the time of the retry, or the first push's headers. */
  retrySignature: 'fresh' | 'original';
  /** `card` frames are dropped without an answer by the vendor's client; callbacks come as `event` since 2024. */
  callbackFrames: 'event' | 'card';
  /** Real ms the platform waits for the answer to a push. */
  pushDeadlineMs: number;
  /** Real ms within which an address that is saved must answer the challenge. */
  challengeDeadlineMs: number;
  /** Turn off to let a load test pass. */
  throttles: boolean;
  /** How many of a group's calls a second other bots take, steadily. */
  othersTake: number;
}

export const SETTINGS: Settings = {
  repeatedUuid: 'same-message',
  hookRefusalStatus: 200,
  retrySignature: 'fresh',
  callbackFrames: 'event',
  pushDeadlineMs: 3000,
  challengeDeadlineMs: 1000,
  throttles: true,
  othersTake: 0,
};

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
