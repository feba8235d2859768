import { Overloaded } from '../errors.ts';
import type { Alert } from '../incident/alert.ts';
import type { Accepted, Arrival } from '../incident/ports.ts';
import { createPace } from './commit-pace.ts';
import { PRIORITIES, type Priority, type Trx } from './database.ts';

interface Waiting {
  readonly reject: (error: unknown) => void;
}

/** What a caller of `write` waits for. */
export interface Work extends Waiting {
  readonly kind: 'work';
  readonly priority: Priority;
  readonly work: (trx: Trx) => Promise<void>;
  readonly resolve: () => void;
}

/** One arrival, or a part of a large one. */
export interface Part extends Waiting {
  readonly kind: 'arrival';
  readonly arrival: Arrival;
  /** Estimated memory; it is asked for when the part comes and when it goes. */
  readonly bytes: number;
  readonly resolve: (accepted: Accepted) => void;
}

export type Item = Work | Part;

export interface Limits {
  /** Waiting arrivals or works of one kind. */
  readonly requests: number;
  readonly alerts: number;
  /** Estimated memory of the waiting alerts. */
  readonly bytes: number;
  /** Alerts in one transaction, fewer where they take longer than it should; see `createPace`. */
  readonly batchAlerts: number;
}

export const LIMITS: Limits = { requests: 2000, alerts: 20_000, bytes: 64 * 1024 * 1024, batchAlerts: 256 };

/** Works of each kind in one transaction: a share for everyone, so that no kind can starve another. */
const SHARES: Readonly<Record<Priority, number>> = { press: 64, ingest: 32, delivery: 32, job: 8 };

/** So many requests in one transaction are a crowd, and so many alerts. */
const CROWD = { requests: 4, alerts: 50 };
/**
 * Many waiting requests are taken by halves, though never fewer than this at once: while the database stores one half,
 * the main thread answers and reads the other. So many are also worth sending before the transaction ahead is done.
 */
const HALF = 32;
/**
 * While alerts crowd, delivery and jobs get a transaction only this often, and at most a tenth of the time: each of
 * their statements waits for a busy main thread, and the alerts for all of them. One claim for many incidents costs
 * hardly more than one for a few.
 */
const BACKGROUND_EVERY_MS = { least: 50, most: 500 };
const BACKGROUND_SHARE = 1 / 10;
/** A crowd is one for so long after it was last seen. */
const CROWD_MS = 50;

/**
 * What waits for the next transactions, in bounded lines by kind. `apart`: a crowd of arrivals gets transactions of its
 * own, which cost it less than waiting for the statements of other works; a few share theirs, and its sync, with them.
 */
export function createQueue(limits: Limits, apart = false) {
  let arrivalsLast = false;
  let crowdedAt = -Infinity;
  let backgroundAt = -Infinity;
  let everyMs: number = BACKGROUND_EVERY_MS.least;
  let jobsFirst = false;
  const pace = createPace(limits.batchAlerts);
  const parts: Part[] = [];
  const works = { press: [], ingest: [], delivery: [], job: [] } satisfies Record<Priority, Work[]>;
  let alerts = 0;
  let bytes = 0;
  const count = (): number => parts.length + PRIORITIES.reduce((sum, priority) => sum + works[priority].length, 0);

  const share = (priority: Priority): readonly Work[] => works[priority].splice(0, SHARES[priority]);
  const takeParts = (now: number): readonly Part[] => {
    const most = Math.max(HALF, Math.ceil(parts.length / 2));
    const taken = parts.splice(0, Math.min(most, fitting(parts, pace.most())));
    const size = sizeOf(taken);
    alerts -= size.alerts;
    bytes -= size.bytes;
    if (taken.length >= CROWD.requests || size.alerts >= CROWD.alerts) crowdedAt = now;
    return taken;
  };
  const takeBackground = (now: number): readonly Work[] => {
    backgroundAt = now;
    const jobs = works.job.splice(0, crowded(now) ? 1 : SHARES.job);
    const background = jobsFirst ? [...jobs, ...share('delivery')] : [...share('delivery'), ...jobs];
    jobsFirst = false;
    return background;
  };
  const crowded = (now: number): boolean => now - crowdedAt < CROWD_MS;
  const resting = (now: number): boolean => crowded(now) && now - backgroundAt < everyMs;

  return {
    /** Takes all parts of a request or, with `Overloaded`, none. A request alone always fits. */
    pushParts: (added: readonly Part[]): void => {
      const size = sizeOf(added);
      const over =
        parts.length + added.length > limits.requests ||
        alerts + size.alerts > limits.alerts ||
        bytes + size.bytes > limits.bytes;
      if (over && parts.length > 0) throw new Overloaded(`${parts.length} requests wait to be stored already`);
      parts.push(...added);
      alerts += size.alerts;
      bytes += size.bytes;
    },
    pushWork: (work: Work): void => {
      const line: Work[] = works[work.priority];
      if (line.length >= limits.requests) throw new Overloaded(`${line.length} ${work.priority} works wait already`);
      line.push(work);
    },
    /** The next transaction's items in the order they run: presses, arrivals, the rest. Empty: the rest has to wait. */
    take: (): readonly Item[] => {
      const now = performance.now();
      const due = works.press.length + works.ingest.length > 0 || (!resting(now) && count() > parts.length);
      const split = apart && (parts.length >= CROWD.requests || alerts >= CROWD.alerts || crowded(now));
      arrivalsLast = parts.length > 0 && (split ? !(due && arrivalsLast) : apart && !due);
      if (arrivalsLast) return takeParts(now);
      const first = [...share('press'), ...(split ? [] : takeParts(now)), ...share('ingest')];
      return resting(now) ? first : [...first, ...takeBackground(now)];
    },
    /** So much waits that storing it need not wait for the transaction before. */
    full: () => parts.length >= HALF || alerts >= pace.most(),
    /** Alerts that one transaction has the time for. */
    mostAlerts: pace.most,
    stored: pace.stored,
    /** What a transaction had no time for goes first again, in its order; jobs then have their turn before delivery. */
    putBack: (items: readonly Item[]): void => {
      for (const item of items.toReversed()) {
        if (item.kind === 'work') {
          const line: Work[] = works[item.priority];
          line.unshift(item);
          if (item.priority === 'job') jobsFirst = true;
          continue;
        }
        parts.unshift(item);
        alerts += item.arrival.alerts.length;
        bytes += item.bytes;
      }
    },
    /** Empties the queue. */
    takeAll: (): readonly Item[] => {
      alerts = 0;
      bytes = 0;
      return [...parts.splice(0), ...PRIORITIES.flatMap((priority): Item[] => works[priority].splice(0))];
    },
    count,
    /** How long what `take` left over has to wait, ms. */
    restMs: () => Math.min(everyMs + backgroundAt, CROWD_MS + crowdedAt) - performance.now(),
    /** How long a transaction with works in it took. */
    worked: (ms: number): void => {
      everyMs = Math.min(BACKGROUND_EVERY_MS.most, Math.max(BACKGROUND_EVERY_MS.least, ms / BACKGROUND_SHARE));
    },
  };
}

/** How many from the front stay within `most` alerts; at least one. */
function fitting(parts: readonly Part[], most: number): number {
  let sum = 0;
  const past = parts.findIndex(({ arrival }) => (sum += arrival.alerts.length) > most);
  return past === -1 ? parts.length : Math.max(1, past);
}

function sizeOf(parts: readonly Part[]): { readonly alerts: number; readonly bytes: number } {
  let alerts = 0;
  let bytes = 0;
  for (const { arrival, bytes: partBytes } of parts) {
    alerts += arrival.alerts.length;
    bytes += partBytes;
  }
  return { alerts, bytes };
}

export const bytesOf = ({ alerts }: Arrival): number => alerts.reduce((sum, alert) => sum + bytesOfAlert(alert), 0);

/** A guess good to a factor of two: what strings cost, and objects around them. */
function bytesOfAlert({ title, summary, labels, annotations }: Alert): number {
  let chars = title.length + summary.length;
  for (const name in labels) chars += name.length + (labels[name]?.length ?? 0);
  for (const name in annotations) chars += name.length + (annotations[name]?.length ?? 0);
  return 1000 + 2 * chars;
}
