import type { ZodType } from 'zod';
import type { Card, Rich } from '../cards/card.ts';
import type { Actor, IncidentId } from '../incident/incident.ts';
import type { Matcher } from '../incident/matchers.ts';
import type { EpochMs, Locale } from '../types.ts';
import type { OperationPorts } from './ports.ts';

/** What somebody may do; each includes those before it. `guest` is anyone who can reach the bot at all. */
export const RIGHTS = ['guest', 'reader', 'responder', 'admin'] as const;
export type Right = (typeof RIGHTS)[number];

/** Where and for whom an operation runs; made by the face (chat, button, REST, CLI, console) from proven facts only. */
export interface Context {
  readonly actor: Actor;
  readonly right: Right;
  readonly locale: Locale;
  readonly timezone: string;
  readonly traceId: string;
  /** The platform's id of this message or press: idempotency key. */
  readonly inboundKey?: string;
  /** The chat it happens in, as target address; absent for REST and CLI. */
  readonly chat?: string;
  /** Nobody else reads along: a chat with the bot alone. */
  readonly direct?: true;
  /** The approved target of that chat. */
  readonly targetId?: string;
  /** A button of that target's card was pressed: its placement is held while the platform locks the card. */
  readonly pressed?: true;
  /** The message that was replied to or whose thread this is, and the message pressed. */
  readonly messageRef?: string;
  /** The first message of the thread it was said in. */
  readonly thread?: string;
  /** The named person, and every id that person goes by; absent for strangers. */
  readonly operatorId?: string;
  readonly actorIds?: readonly string[];
  readonly now: EpochMs;
}

/** What came of it; a refusal is a value with words for the person. */
export type Outcome =
  | {
      readonly ok: true;
      readonly answer: Answer;
      /** The incident changed or shown, so that a press can answer with its card. */
      readonly incidentId?: IncidentId;
      /** Id of what was made, where that is no incident. */
      readonly made?: string;
      /** Machine-readable result for REST and CLI. */
      readonly data?: unknown;
      /** The action's own transaction has recorded it: no second audit row. */
      readonly recorded?: true;
    }
  | {
      readonly ok: false;
      readonly code: RefusalCode;
      readonly answer: Answer;
      readonly incidentId?: IncidentId;
      readonly recorded?: true;
    };

export type RefusalCode =
  | 'not_found'
  | 'illegal'
  | 'already'
  | 'changed'
  | 'superseded'
  | 'forbidden'
  | 'invalid'
  | 'unavailable';

/** A short text, or a card when there is more to show. `brief` is what a toast or a REST message says. */
export interface Answer {
  readonly brief: string;
  readonly text?: Rich;
  readonly card?: Card;
  /**
   * Others should know too: a press posts it into its chat besides its toast, and what is done in no chat is posted
   * where it concerns people: under its incident's cards, or where alerts go that `concerns` may mean.
   */
  readonly announce?: true;
  readonly concerns?: readonly Matcher[];
}

/** What a chat message brings besides its words. */
export interface Said {
  readonly channel: string;
  /** People mentioned, by the platform's ids. */
  readonly mentions: readonly { readonly id: string; readonly name: string }[];
}

/** How an operation is said in a chat. */
export interface ChatFace {
  readonly slash: string;
  readonly chinese: string;
  readonly usage: Readonly<Record<Locale, string>>;
  readonly example: string;
  readonly help: Readonly<Record<Locale, string>>;
  /**
   * `incident`: the first word is an incident's id and may be left out where the chat tells it.
   * `incident-or-words`: the same, unless `alone` says that the parsed words need no incident.
   */
  readonly takes: 'incident' | 'incident-or-words' | 'nothing' | 'words';
  /** Gets what follows the command and the id; `undefined` means the arguments are wrong: the usage is answered. */
  parse(words: readonly string[], rest: string, said: Said): Readonly<Record<string, unknown>> | undefined;
  alone?(input: Readonly<Record<string, unknown>>): boolean;
}

/** One thing that can be done: one file each, one line in `table.ts`; its faces are derived. */
export interface Operation<I> {
  /** Stable: audit, metrics, REST `action`. */
  readonly name: string;
  readonly right: Right;
  readonly input: ZodType<I>;
  /** Chat face: `/ack ID`, 认领. */
  readonly chat?: ChatFace;
  /** Button actions that mean this operation. */
  readonly actions?: readonly string[];
  /** Changes nothing: allowed runs leave no audit row. */
  readonly reads?: true;
  /** Its input holds a secret: kept out of the audit. */
  readonly secret?: true;
  run(input: I, context: Context, ports: OperationPorts): Promise<Outcome>;
}
