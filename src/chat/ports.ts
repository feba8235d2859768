import type { Card } from '../cards/card.ts';
import type { InboundMessage } from '../channels/channel.ts';
import type { NewMessage } from '../delivery/outbox.ts';
import type { Alert } from '../incident/alert.ts';
import type { IncidentId } from '../incident/incident.ts';
import type { AcceptAlerts } from '../incident/ports.ts';
import type { Context, Operation } from '../operations/operation.ts';
import type { Perform } from '../operations/perform.ts';
import type { Incidents } from '../operations/incidents-port.ts';
import type { Operators } from '../operations/operators-port.ts';
import type { Preferences } from '../operations/ports.ts';
import type { Target, Targets } from '../operations/targets-port.ts';
import type { DueWish } from '../store/schedule.ts';
import type { Log } from '../telemetry/log.ts';
import type { Clock, EpochMs, Locale } from '../types.ts';

/** What chat needs from other rooms; `app.ts` hands it in. */
export interface ChatDeps {
  readonly operations: readonly Operation<unknown>[];
  readonly perform: Perform;
  readonly operators: Pick<Operators, 'byExternalId' | 'anyNamed'>;
  readonly targets: Pick<Targets, 'byAddress' | 'ensure'>;
  readonly preferences: Pick<Preferences, 'locale'>;
  readonly incidents: Pick<Incidents, 'list' | 'ofMessage' | 'ofCard'>;
  readonly inbox: Inbox;
  /** The card of an incident as the committed state has it. */
  readonly cardOf: (id: IncidentId, target: Target | undefined) => Promise<Card | undefined>;
  readonly accept: AcceptAlerts;
  /** What a bot said that the configuration names; a program that posts the same by HTTP speaks of the same alert. */
  readonly parseBotAlert: (
    text: string,
    from: { readonly senderId: string; readonly chat: string },
    receivedAt: EpochMs,
  ) => readonly Alert[];
  /**
   * Questions in no command's words, in the chat of this target. Words for the person where it will not be answered;
   * undefined when no model is configured: the nearest commands are answered.
   */
  readonly ask?: (
    text: string,
    inbound: InboundMessage,
    context: Context,
    targetId: string,
  ) => Promise<Work | string | undefined>;
  readonly config: ChatConfig;
  readonly clock: Clock;
  readonly log: Log;
}

export interface ChatConfig {
  readonly locale: Locale;
  readonly timezone: string;
  /** Bots whose messages are alerts: sender ids, or `channel:id`. */
  readonly alertBotIds: readonly string[];
  /** A press is answered within this, ms, whatever its work does; the card follows. */
  readonly pressDeadlineMs: number;
}

/** What will be done about a message, stored with the mark that it was taken in. */
export interface Work {
  readonly due: DueWish;
  /** What is said at once. */
  readonly messages: readonly NewMessage[];
}

/** What has been taken in, and what goes back. */
export interface Inbox {
  /** Whether this message was answered before. */
  seen(source: string, key: string): Promise<boolean>;
  /** Marks the message as taken in and stores its answers and what is to be done, in one transaction. */
  settle(source: string, key: string, answers: readonly NewMessage[], due?: DueWish): Promise<void>;
}
