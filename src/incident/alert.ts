import type { EpochMs, Labels } from '../types.ts';

/** Worst first: the order of this list is the order of severities everywhere. */
export const SEVERITIES = ['critical', 'warning', 'info'] as const;
export type Severity = (typeof SEVERITIES)[number];

export type AlertStatus = 'firing' | 'resolved';

const LINK_KINDS = ['graph', 'dashboard', 'panel', 'runbook', 'source', 'silence', 'image', 'other'] as const;
export type LinkKind = (typeof LINK_KINDS)[number];

/** An http(s) address out of an alert; shown as a button of its own with the host visible, never inline. */
export interface Link {
  readonly kind: LinkKind;
  readonly url: string;
}

/** What every parser turns its sender's bytes into; nobody past `ingest/` sees a vendor's JSON. */
export interface Alert {
  /** Name of the integration that accepted it; `default` for the shared credentials. Part of the identity. */
  readonly integration: string;
  /** Which format it came in: `alertmanager`, `grafana`, `custom`, `unknown`, … Part of the identity. */
  readonly source: string;
  readonly status: AlertStatus;
  /** Same problem, same value, firing or resolved. */
  readonly fingerprint: string;
  /** Never empty. */
  readonly title: string;
  readonly summary: string;
  readonly severity: Severity;
  /** The sender's own word, absent when it sent none. */
  readonly severityRaw?: string;
  readonly labels: Labels;
  readonly annotations: Labels;
  /** The sender's grouping labels, when it groups. */
  readonly groupLabels?: Labels;
  readonly startsAt?: EpochMs;
  readonly endsAt?: EpochMs;
  readonly links: readonly Link[];
}

/** One episode of an alert as stored. The `current` row of an identity is the latest episode. */
export interface AlertRow extends Alert {
  readonly id: string;
  readonly identity: string;
  readonly incidentId?: string;
  readonly receivedAt: EpochMs;
  readonly lastSeenAt: EpochMs;
  /** When this episode ended as we saw it. */
  readonly resolvedAt?: EpochMs;
  /** How often the same state was delivered again. */
  readonly repeats: number;
  /** Longest time between two deliveries while firing, 0 until the second one. */
  readonly longestGapMs: number;
  /** Digest of the delivery last counted, to recognise a byte-identical one. */
  readonly digest: string;
}
