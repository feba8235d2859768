import type { EpochMs } from '../types.ts';
import type { Effect } from './actions/decision.ts';
import type { Incident } from './incident.ts';
import type { Policy } from './ports.ts';

/** Ways of calling a person, from the mildest to the one nobody sleeps through. */
export const PAGE_STEPS = ['app', 'sms', 'phone'] as const;
export type PageStep = (typeof PAGE_STEPS)[number];

export interface Paging {
  /** From the moment an incident needs somebody to the first step, and from each step to the next, ms. */
  readonly afterMs: number;
  /** In this order; the last is not repeated. */
  readonly steps: readonly PageStep[];
}

/** Which step comes next, and since when nobody has acknowledged: a page of one turn is sent once. */
export interface PageTurn {
  readonly index: number;
  readonly since: EpochMs;
}

export interface Page {
  readonly step: PageStep;
  readonly next?: { readonly turn: PageTurn; readonly at: EpochMs };
}

/**
 * Exactly when people are reminded: critical, open and not silenced. An acknowledgement covers what comes later as well,
 * new alerts and a rise to critical: whoever has it hears of them, and nobody is called until it reopens.
 */
export const wantsPage = ({ status, severity }: Pick<Incident, 'status' | 'severity'>, silenced: boolean): boolean =>
  status === 'open' && severity === 'critical' && !silenced;

/** What to do when a page's time has come; nothing when it is not wanted any more, or paging ends with the step before. */
export function pageNow(
  incident: Pick<Incident, 'status' | 'severity'>,
  { index, since }: PageTurn,
  { now, policy, silenced }: { readonly now: EpochMs; readonly policy: Policy; readonly silenced: boolean },
): Page | undefined {
  const step = policy.paging?.steps[index];
  if (policy.paging === undefined || step === undefined || !wantsPage(incident, silenced)) return undefined;
  if (index + 1 >= policy.paging.steps.length) return { step };
  // From now, not from when this one was due: after an outage of ours the steps still come one after the other.
  return { step, next: { turn: { index: index + 1, since }, at: now + policy.paging.afterMs } };
}

/** The first page of an incident that needs somebody from now on; nothing where paging is off. */
export function firstPage({ paging }: Policy, now: EpochMs): readonly Extract<Effect, { kind: 'schedule' }>[] {
  if (paging === undefined) return [];
  const payload = writeTurn({ index: 0, since: now });
  return [{ kind: 'schedule', due: 'page', at: now + paging.afterMs, payload }];
}

/** As a due-row keeps it. */
export const writeTurn = ({ index, since }: PageTurn): string => `${index}@${since}`;

/** Undefined for what `writeTurn` did not write. */
export function readTurn(text: string | undefined): PageTurn | undefined {
  const [, index, since] = /^(\d{1,4})@(\d{1,16})$/u.exec(text ?? '') ?? [];
  return index === undefined || since === undefined ? undefined : { index: Number(index), since: Number(since) };
}
