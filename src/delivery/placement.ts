import type { Card } from '../cards/card.ts';
import type { ShownFacts } from '../cards/view.ts';
import type { Change, Shown } from '../channels/channel.ts';
import type { EpochMs, Locale } from '../types.ts';

/** Where an incident or a storm is shown, as claimed: nobody else may touch it until the lease ends. */
export interface Placement extends PlacementKey {
  readonly kind: 'incident' | 'storm';
  readonly priority: number;
  readonly createdAt: EpochMs;
  readonly wantedRevision: number;
  readonly shownRevision: number;
  readonly urgentRevision: number;
  readonly attempts: number;
  readonly messageKey?: string;
  readonly pendingPayload?: string;
  readonly pendingRevision?: number;
  readonly previous?: Shown;
  readonly ticket?: string;
  readonly shownFacts?: ShownFacts;
  readonly shownHash?: string;
  readonly shownAt?: EpochMs;
  readonly firstShownAt?: EpochMs;
  readonly rung: number;
  readonly rungAt?: EpochMs;
  readonly generation: number;
  /** When the message shown now was posted. */
  readonly postedAt?: EpochMs;
  readonly lastError?: string;
  /** An earlier lease ran out without a word: how its call ended is unknown. */
  readonly abandoned: boolean;
}

export interface PlacementKey {
  readonly subjectId: string;
  readonly targetId: string;
}

/** Fields to write on a placement; absent = as it is, null = cleared. */
export interface PlacementChange {
  readonly shownRevision?: number;
  readonly notBefore?: EpochMs;
  readonly attempts?: number;
  readonly parkedReason?: string;
  readonly messageKey?: string | null;
  readonly pendingPayload?: string | null;
  readonly pendingRevision?: number | null;
  readonly shown?: Shown | null;
  readonly shownFacts?: ShownFacts;
  readonly shownHash?: string | null;
  readonly shownAt?: EpochMs;
  readonly firstShownAt?: EpochMs;
  readonly postedAt?: EpochMs;
  readonly rung?: number;
  readonly rungAt?: EpochMs;
  readonly generation?: number;
  readonly lastError?: string | null;
  /** Gives the lease back. */
  readonly release: boolean;
}

/** What a call made whose lease was lost. */
export interface Made {
  readonly messageKey?: string;
  readonly shown?: Shown;
  readonly at: EpochMs;
}

/** The exact first post, stored before it is made; a retry repeats it. */
export interface PendingPost {
  readonly card: Card;
  readonly changes: readonly Change[];
  readonly previous?: Shown;
  readonly locale: Locale;
  readonly facts: ShownFacts;
  readonly hash: string;
  readonly ring: number;
}
