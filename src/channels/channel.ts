import type { Card, Rich } from '../cards/card.ts';
import type { PageStep } from '../incident/paging.ts';
import type { EpochMs, Locale } from '../types.ts';

/** How a channel looks from delivery: shows cards, sends one-shot messages, and says what it cannot do. */
export interface Channel {
  readonly name: string;
  /**
   * Whether a repeated first post can be recognised: `key` by the platform (our message key), `own-ref` because we
   * choose the message's id, `none` not at all: then a crash may show a card twice, counted as `maybe_duplicate`.
   */
  readonly idempotency: 'key' | 'own-ref' | 'none';
  readonly limits: Limits;
  readonly pacing: Pacing;
  /** There or not: what all targets of the app behind this channel may take together, whichever replica serves them. */
  readonly appPacing?: AppPacing;
  /** There or not: a channel without it turns important changes into messages. */
  readonly editing?: { readonly windowMs?: number };
  /** There or not: announcements are replies to the card, else new cards. */
  readonly threads?: true;
  /** Deadline of one call, ms; the signal aborts then. */
  readonly callTimeoutMs: number;
  /**
   * Whether calls are scarce now, e.g. because a month's allowance runs low; asked before each edit. Then an incident's
   * card is not edited for what is neither news nor rings; the next edit shows everything. First posts, answers and
   * announcements are never saved. Absent = never.
   */
  readonly thrifty?: () => boolean;

  /**
   * Makes the card of `key` look like `card`: posts without `previous`, edits with it. Throws the classes of
   * `errors.ts`: `RateLimited`, `TargetGone`, `MessageGone`, `ContentRefused`, `PlatformUnavailable`.
   */
  show(request: ShowRequest, signal: AbortSignal): Promise<Shown>;
  /** Posts a message that is never edited: an answer, an announcement, a report. Same errors. */
  send(message: Message, signal: AbortSignal): Promise<Sent>;
  /**
   * There or not: calls people about a message of ours by something louder than the message. Resolves with the ids that
   * the platform refused while others were reached. Same errors, and `PageRefused` when nobody was. The call knows no
   * key: made again after an unknown outcome it may call people twice.
   */
  readonly page?: (request: PageRequest, signal: AbortSignal) => Promise<Paged>;
}

export interface PageRequest {
  readonly address: string;
  /** The message to call about: the incident's card. */
  readonly ref: string;
  readonly step: PageStep;
  /** The platform's ids, at least one. */
  readonly people: readonly string[];
}

export interface Paged {
  readonly refused: readonly string[];
}

export interface Limits {
  readonly bytes: number;
  readonly elements: number;
  readonly buttons: number;
}

export interface Pacing {
  readonly perMinute: number;
  readonly burst: number;
  /** Calls at once per target. */
  readonly concurrency: number;
}

export interface AppPacing {
  /** Names the app on its platform, e.g. `lark:cli_…`; channels with the same key share its tokens and name the same limits. */
  readonly key: string;
  /**
   * Tokens a second, above 0; each call takes one, so that a second may see `burst` + `perSecond` calls. Keep below the
   * platform's number: tokens are taken when work is claimed, the calls start after that is committed.
   */
  readonly perSecond: number;
  /** At least 1. */
  readonly burst: number;
}

export interface ShowRequest {
  /** The platform's idempotency key of the first post; the same for every retry of it. */
  readonly key: string;
  /** The part of the target's address that the channel understands: a chat id, a room, a URL. */
  readonly address: string;
  readonly locale: Locale;
  readonly card: Card;
  readonly previous?: Shown;
  readonly changes: readonly Change[];
  /** A one-use code or request id that an interaction brought. */
  readonly ticket?: string;
}

export interface Shown {
  /** The platform's own id of the message. */
  readonly ref: string;
  readonly editableUntil?: EpochMs;
  readonly editsLeft?: number;
  /**
   * There when an edit could not be made and was none: the card at `ref` still shows its former state. Its news were
   * told in a `message` of their own, or there were none and `nothing` was said.
   */
  readonly instead?: 'message' | 'nothing';
}

/** What is different from what was shown; a channel that cannot edit sends only these as messages. */
export type Change = 'opened' | 'severity_up' | 'acknowledged' | 'diagnosis_ready' | 'resolved' | 'reopened' | 'other';

export interface Message {
  readonly key: string;
  readonly address: string;
  readonly locale: Locale;
  readonly content: MessageContent;
  /** People to notify, by the platform's ids. */
  readonly mentions: readonly { readonly id: string; readonly name: string }[];
  /** The card or message this belongs under, where threads exist. */
  readonly replyTo?: string;
  /** What the platform needs to answer an interaction (token, request id). */
  readonly replyContext?: string;
}

export type MessageContent =
  | { readonly kind: 'text'; readonly text: Rich }
  | { readonly kind: 'card'; readonly card: Card };

export interface Sent {
  readonly ref: string;
}

/** Something a person did in a chat, proven and decoded; every channel and simulator speaks this to `chat/`. */
export type Inbound = InboundMessage | InboundPress;

interface InboundBase {
  readonly channel: string;
  /** Unique on the platform: message id, event id; the dedupe key. */
  readonly id: string;
  /** Full target address of the chat, e.g. `playground:lobby`, `lark:oc_…`. */
  readonly chat: string;
  readonly direct: boolean;
  /** The person by the id the platform vouches for, and the name to show. */
  readonly sender: { readonly id: string; readonly name: string; readonly bot: boolean };
  readonly receivedAt: EpochMs;
  /** Where an answer goes: platform's token or request id, when it needs one. */
  readonly replyContext?: string;
  readonly locale?: Locale;
}

export interface InboundMessage extends InboundBase {
  readonly kind: 'message';
  /** Without the bot's own mention; other mentions stay as `@name`. */
  readonly text: string;
  /** The bot was addressed: mentioned, or this is a direct chat. */
  readonly addressed: boolean;
  /** Another bot was mentioned and we were not: not ours. */
  readonly forOther: boolean;
  readonly mentions: readonly { readonly id: string; readonly name: string }[];
  /** The message this one replies to, quotes, or whose thread it is in: tells which card is meant. */
  readonly inReplyTo?: string;
  /** The first message of the thread it stands in; absent when it may begin one. */
  readonly thread?: string;
  readonly messageRef: string;
}

export interface InboundPress extends InboundBase {
  readonly kind: 'press';
  /** As decoded from the button; untrusted until the operation's schema has read it. */
  readonly value: unknown;
  /** Values of a form, by input name. */
  readonly form: Readonly<Record<string, string>>;
  readonly messageRef: string;
  /** Nothing of the answer gets to the person, such as after a reaction: no card waits for it, so an edit may go at once. */
  readonly unanswered?: true;
}

/** What an interaction's own answer may carry; the platform's deadline is met with it. */
export interface PressAnswer {
  readonly toast: { readonly tone: 'ok' | 'info' | 'error'; readonly text: string };
  /** The card as the committed state has it. */
  readonly card?: Card;
}

/** The port that channels' inbound sides call. Resolves within the platform's deadline. */
export interface Receive {
  message(inbound: InboundMessage): Promise<void>;
  press(inbound: InboundPress): Promise<PressAnswer>;
}
