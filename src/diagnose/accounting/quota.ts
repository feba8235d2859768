import type { EACH as AnySubject, Band, Quota, QuotaSubject, Standing } from '../../cards/usage.ts';
import type { EpochMs } from '../../types.ts';
import type { Periods } from './periods.ts';
import type { Used } from './ports.ts';

/** From this share on a limit is nearly used up, whatever the threshold. */
const RED = 0.9;

/** How a limit stands: green below the threshold, yellow from it on, red from nine tenths on. */
export function bandOf(used: number, amount: number, threshold: number): Band {
  const share = amount > 0 ? used / amount : 1;
  if (share < threshold) return 'green';
  return share >= RED ? 'red' : 'yellow';
}

/** Somebody or something that quotas are about. */
export interface Subject {
  readonly kind: QuotaSubject;
  /** The first is the one that use is kept under. */
  readonly ids: readonly [string, ...string[]];
  readonly name: string;
}

/** The subject of a quota that holds for everybody. */
const EACH = '*' satisfies typeof AnySubject;

/** Those that hold for a subject; one of its own takes the place of the one for each, period by period and measure by measure. */
export function quotasOf(quotas: readonly Quota[], { kind, ids }: Subject): readonly Quota[] {
  const mine = quotas.filter(({ enabled, subjectKind }) => enabled && subjectKind === kind);
  const own = mine.filter(({ subject }) => subject !== EACH && ids.includes(subject));
  const same = (one: Quota) => (other: Quota) => other.period === one.period && other.measure === one.measure;
  return [...own, ...mine.filter((one) => one.subject === EACH && !own.some(same(one)))];
}

/** How a subject stands against a quota; `use` is what was used in the quota's period. */
export function standingOf(
  quota: Quota,
  { ids: [id], name }: Subject,
  use: Used,
  { at, periods, currency }: { readonly at: EpochMs; readonly periods: Periods; readonly currency: string },
): Standing {
  const { subjectKind, period, measure, amount, threshold } = quota;
  const { from: since, to: renewsAt } = periods.of(period, at);
  const used = use[measure];
  const band = bandOf(used, amount, threshold);
  const left = Math.max(0, amount - used);
  const about = { quotaId: quota.id, subjectKind, subject: id, name, period, measure };
  return { ...about, used, amount, left, band, since, renewsAt, currency };
}
