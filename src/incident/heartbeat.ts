import type { EpochMs, Labels, Locale } from '../types.ts';
import type { Alert } from './alert.ts';
import { identityOf, nameOf } from './key.ts';
import type { Policy } from './ports.ts';
import { GAPS, type Interval, OWN_SOURCE, acceptedMs } from './stale.ts';

/** A sender whose presence is the good news. */
export interface Heartbeat {
  /** The alert's. */
  readonly identity: string;
  readonly integration: string;
  readonly source: string;
  readonly title: string;
  readonly labels: Labels;
  /** How often it was delivered; it arms at two, because only then a gap is known. */
  readonly seen: number;
  readonly firstSeenAt: EpochMs;
  readonly lastSeenAt: EpochMs;
  readonly longestGapMs: number;
}

const LEAST_SILENCE_MS = 5 * 60_000;

export const isHeartbeat = (alert: Alert, policy: Policy): boolean =>
  alert.source !== OWN_SOURCE && policy.heartbeatNames.includes(nameOf(alert.labels) ?? alert.title);

/** The heartbeat after one more delivery. `gapMs` counts only time in which we were accepting. */
export function beaten(known: Heartbeat | undefined, alert: Alert, at: EpochMs, gapMs: number): Heartbeat {
  const { integration, source, title, labels } = alert;
  if (known === undefined) {
    const identity = identityOf(alert);
    return { identity, integration, source, title, labels, seen: 1, firstSeenAt: at, lastSeenAt: at, longestGapMs: 0 };
  }
  const longestGapMs = Math.max(known.longestGapMs, gapMs);
  return { ...known, title, labels, seen: known.seen + 1, lastSeenAt: Math.max(known.lastSeenAt, at), longestGapMs };
}

/** Whether its absence already means that monitoring is silent. */
export function isMissing(heartbeat: Heartbeat, accepting: readonly Interval[], now: EpochMs): boolean {
  if (heartbeat.seen < 2) return false;
  const limit = Math.max(LEAST_SILENCE_MS, GAPS * heartbeat.longestGapMs);
  return acceptedMs(accepting, heartbeat.lastSeenAt, now) >= limit;
}

/** What stands for the absence: a critical alert of ours that fires when the heartbeat is missing and resolves when it is back. */
export function silentAlert(
  heartbeat: Pick<Heartbeat, 'identity' | 'integration' | 'title' | 'labels'>,
  status: Alert['status'],
  locale: Locale,
): Alert {
  const { integration, identity, title, labels } = heartbeat;
  const words = TEXTS[locale];
  const own = { alertname: 'MonitoringSilent', heartbeat: title };
  return {
    integration,
    source: OWN_SOURCE,
    status,
    fingerprint: `silent:${identity}`,
    title: words.title(title),
    summary: words.summary(title),
    severity: 'critical',
    labels: Object.assign(Object.create(null), labels, own), // null prototype: label names are strangers'
    annotations: {},
    links: [],
  };
}

const TEXTS: Readonly<Record<Locale, { title(name: string): string; summary(name: string): string }>> = {
  'zh-CN': {
    title: (name) => `监控静默：${name} 心跳中断`,
    summary: (name) => `心跳告警 ${name} 已停止上报。监控系统或其到值班机器人的链路可能已中断，期间的告警收不到。`,
  },
  'en-US': {
    title: (name) => `Monitoring is silent: ${name} stopped`,
    summary: (name) =>
      `The heartbeat ${name} no longer arrives: monitoring, or its way to us, may be down, and its alerts with it.`,
  },
};
