import type { Card, Rich } from '../../cards/card.ts';
import type { EpochMs } from '../../types.ts';

/** Somebody who speaks in the playground; the bot's id is `zhiban`. */
export interface Author {
  readonly id: string;
  readonly name: string;
}

/** One message of a room, as everybody sees it now. */
export interface PlaygroundMessage {
  readonly id: string;
  readonly room: string;
  /** The first message of the thread this stands in; absent for one that stands in the room itself. */
  readonly threadOf?: string;
  readonly author: Author;
  readonly content: PlaygroundContent;
  readonly mentions: readonly Author[];
  /** 1 when posted, one more with every edit. */
  readonly revision: number;
  readonly createdAt: EpochMs;
  readonly editedAt?: EpochMs;
}

export type PlaygroundContent =
  | { readonly kind: 'text'; readonly text: Rich }
  | { readonly kind: 'card'; readonly card: Card };

/** A message that stands in the room, with everything said under it, oldest first. */
export interface PlaygroundThread {
  readonly root: PlaygroundMessage;
  readonly replies: readonly PlaygroundMessage[];
}

/** Where the playground's chat is kept. Both writes resolve after their commit. */
export interface PlaygroundMessages {
  /** Adds the message unless one of its id is there; says whether it was added. */
  add(message: PlaygroundMessage): Promise<boolean>;
  /** Replaces the content and raises the revision; the new revision, or nothing when there is no such message. */
  edit(id: string, content: PlaygroundContent, editedAt: EpochMs): Promise<number | undefined>;
  get(id: string): Promise<PlaygroundMessage | undefined>;
  /** The thread of this message, whether it is the first of it or a reply. */
  thread(id: string): Promise<PlaygroundThread | undefined>;
  /** The latest `limit` threads of a room by when they began, oldest first; `before` is the id of a first message. */
  threads(room: string, limit: number, before?: string): Promise<readonly PlaygroundThread[]>;
  /** Every room that is a target, `lobby` first. */
  rooms(): Promise<readonly string[]>;
}
