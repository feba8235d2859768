import type { Card } from '../cards/card.ts';
import type { ShownFacts } from '../cards/view.ts';
import type { Change, Message, Shown } from '../channels/channel.ts';
import type { EpochMs, Locale } from '../types.ts';
import type { MessagePayload } from './ports.ts';

export type TargetState = 'ok' | 'backing_off' | 'dead';

export interface Target {
  readonly id: string;
  readonly name: string;
  readonly channel: string;
  readonly address: string;
  readonly locale?: Locale;
  readonly timezone?: string;
  readonly pacing?: Readonly<Record<string, unknown>>;
  readonly state: TargetState;
  readonly failures: number;
}

/** What the targets of one app may still take together, as of `at`. */
export interface AppBucket {
  readonly key: string;
  readonly tokens: number;
  readonly at: EpochMs;
  /** The platform asked the app to wait: no token comes in before this. */
  readonly pausedUntil: EpochMs;
}

export interface PlacementKey {
  readonly subjectId: string;
  readonly targetId: string;
}

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

/** A one-shot message, claimed. */
export interface OutboxRow {
  readonly id: string;
  readonly targetId: string;
  readonly kind: string;
  readonly event?: string;
  readonly incidentId?: string;
  readonly priority: number;
  readonly payload: MessagePayload;
  readonly mentions: Message['mentions'];
  readonly replyTo?: string;
  readonly replyContext?: string;
  readonly replyContextUntil?: EpochMs;
  readonly afterSubject?: string;
  readonly createdAt: EpochMs;
  readonly expiresAt?: EpochMs;
  readonly attempts: number;
  readonly lastError?: string;
  /** Of the message that was sent already, when it is edited now. */
  readonly ref?: string;
  readonly abandoned: boolean;
  /** The card it follows, when it follows one. */
  readonly after?: {
    readonly ref?: string;
    readonly postedAt?: EpochMs;
    readonly editableUntil?: EpochMs;
    readonly editsLeft?: number;
    readonly generation: number;
    readonly parked: boolean;
  };
}

/** What lies before a lane: enough to rank it, nothing claimed yet. */
export interface Waiting {
  readonly targetId: string;
  readonly kind: 'placement' | 'message';
  /** A subject's id or an outbox row's. */
  readonly id: string;
  readonly rank: number;
  readonly severity: number;
  readonly since: EpochMs;
}

/** What became of a change: the token was another's, or the row is as wanted, or it is due again already. */
export type Changed = 'lost' | 'settled' | 'due';

/** First cards that wait at a target, and what it had in the last minute. */
export interface FirstCards {
  readonly targetId: string;
  readonly storm?: string;
  readonly recent: { readonly critical: number; readonly other: number };
  readonly waiting: number;
}

export interface Lease {
  readonly token: string;
  readonly until: EpochMs;
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

export interface OutboxChange {
  readonly state: 'due' | 'sent' | 'dead' | 'expired';
  readonly notBefore?: EpochMs;
  readonly attempts?: number;
  readonly settledAt?: EpochMs;
  readonly ref?: string;
  readonly lastError?: string | null;
  readonly response?: string;
  readonly latencyMs?: number;
}

/** One outgoing call, for `/why`. */
export interface Attempt {
  readonly targetId: string;
  readonly subjectId: string;
  readonly revision?: number;
  readonly verb: 'post' | 'edit' | 'send' | 'page';
  readonly at: EpochMs;
  readonly latencyMs: number;
  /** `ok` or the error's code. */
  readonly outcome: string;
  readonly error?: string;
  readonly ref?: string;
}

export interface StormRow {
  readonly id: string;
  readonly targetId: string;
  readonly revision: number;
  readonly startedAt: EpochMs;
  readonly calmSince?: EpochMs;
  readonly endedAt?: EpochMs;
}

/** What a look at a storm decided. */
export interface StormChange {
  readonly calmSince?: EpochMs;
  readonly endedAt?: EpochMs;
  /** The card has something new to say. */
  readonly raise: boolean;
  /** When to look again; absent = never. */
  readonly nextAt?: EpochMs;
}

export interface Absorbed {
  /** The storm's card has something new to say of its members. */
  readonly changed: boolean;
  /** There may be more that is not counted yet. */
  readonly more: boolean;
}

export interface Released {
  readonly released: number;
  /** There may be more for whom there is room. */
  readonly more: boolean;
}

/** Whether a storm that is over still hides anybody: `held` while members are open. */
export type Settled = 'settled' | 'unfinished' | 'held';

/** A dead target that is to be tried. */
export interface Probe {
  readonly targetId: string;
  readonly attempts: number;
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
