import type { Card } from '../cards/card.ts';
import type { Message, MessageContent } from '../channels/channel.ts';
import type { EpochMs, Locale } from '../types.ts';
import type { PagePayload } from './page-ports.ts';

/** A message to be sent once. */
export interface NewMessage {
  readonly targetId: string;
  readonly kind: 'answer' | 'page' | 'attention' | 'pointer' | 'report' | 'test' | 'event';
  readonly event?: string;
  readonly incidentId?: string;
  /** One of `RANKS`; by `kind` when absent. */
  readonly priority?: number;
  readonly payload: MessagePayload;
  readonly mentions?: Message['mentions'];
  readonly replyTo?: string;
  readonly replyContext?: string;
  readonly replyContextUntil?: EpochMs;
  /** Waits for this subject's card; goes without it when that is parked. */
  readonly afterSubject?: string;
  /** The second message of one key is not stored. */
  readonly dedupeKey?: string;
  readonly notBefore?: EpochMs;
  /** Answers end after 10 minutes when absent, everything else never. */
  readonly expiresAt?: EpochMs;
}

/** What an outbox row says. `pointer` edits an old card so that it points to the one that replaced it. */
export type MessagePayload =
  | { readonly kind: 'message'; readonly content: MessageContent; readonly locale?: Locale }
  | { readonly kind: 'pointer'; readonly ref: string; readonly card: Card; readonly locale: Locale }
  | GrowingPayload
  | PagePayload;

/**
 * A message that is edited until it is complete. `first` is what it begins as, at every try the same; once it is there,
 * it is made to look like `card`, and the row becomes due again whenever `card` changes.
 */
export interface GrowingPayload {
  readonly kind: 'growing';
  readonly first: Card;
  readonly card: Card;
  readonly locale: Locale;
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
