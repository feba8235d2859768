import type { WhyView } from '../cards/view.ts';
import type { IncidentId } from '../incident/incident.ts';
import type { EpochMs, Page } from '../types.ts';

export interface Deliveries {
  /** Where an incident is shown or why it is not, every call about it, and what was decided. */
  why(id: IncidentId): Promise<WhyView | undefined>;
  /** Shows an incident's card in this target's chat at once, folded or not. */
  showNow(id: IncidentId, targetId: string): Promise<void>;
  /** Latest first. Throws `InvalidCursor` for a cursor it did not make. */
  list(filter: DeliveryFilter): Promise<Page<Delivery>>;
  get(id: string): Promise<Delivery | undefined>;
  /** Makes a dead or parked one due again; undefined when there is none of this id. */
  retry(id: string): Promise<Delivery | undefined>;
}

export const DELIVERY_STATES = ['due', 'leased', 'shown', 'dead'] as const;

/** A card's place or a one-shot message, as people ask about it. */
export interface Delivery {
  readonly id: string;
  readonly targetId: string;
  readonly event: string;
  readonly incidentId?: string;
  readonly state: (typeof DELIVERY_STATES)[number];
  readonly attempts: number;
  readonly lastError?: string;
  /** What is or was sent. */
  readonly request?: unknown;
  readonly response?: string;
  readonly latencyMs?: number;
  readonly createdAt: EpochMs;
  readonly settledAt?: EpochMs;
}

export interface DeliveryFilter {
  readonly state?: readonly Delivery['state'][];
  readonly targetId?: string;
  readonly incidentId?: string;
  readonly limit: number;
  readonly cursor?: string;
}
