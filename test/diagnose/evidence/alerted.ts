import { planFor } from '../../../src/diagnose/evidence/plans.ts';
import type { About } from '../../../src/diagnose/evidence/source.ts';
import type { KnownAlert } from '../../../src/diagnose/ports.ts';
import { subjectOf } from '../../../src/diagnose/subject.ts';
import type { Labels } from '../../../src/types.ts';

export const STARTED = Date.UTC(2026, 2, 4, 9, 0);
export const MINUTE = 60_000;

export interface AboutOptions {
  readonly labels?: Labels;
  readonly family?: string;
  readonly startedAt?: number;
  readonly now?: number;
  readonly locale?: About['locale'];
  /** What the alert's graph link says. */
  readonly generatorUrl?: string;
}

/** An incident of one alert, as those who look things up see it. */
export function aboutOf(options: AboutOptions = {}): About {
  const { labels = { alertname: 'X' }, family = '', startedAt = STARTED, locale = 'en-US' } = options;
  const title = labels['alertname'] ?? 'X';
  const subject = subjectOf({ title, labels });
  const alert: KnownAlert = {
    id: 'a1',
    status: 'firing',
    severity: 'critical',
    severityRaw: 'critical',
    title,
    summary: '',
    integration: 'default',
    labels,
    annotations: {},
    links: options.generatorUrl === undefined ? [] : [{ kind: 'graph', url: options.generatorUrl }],
    startsAt: startedAt,
    receivedAt: startedAt,
  };
  const incident = {
    id: 'INC-20260304-001',
    status: 'open',
    severity: 'critical',
    title,
    summary: '',
    source: 'alertmanager',
    integration: 'default',
    labels,
    openedAt: startedAt,
  } as const;
  return {
    facts: { incident, alerts: [alert] },
    family,
    plan: planFor(family, subject),
    subject,
    startedAt,
    now: options.now ?? startedAt + 5 * MINUTE,
    locale,
  };
}
