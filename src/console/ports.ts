import type { Card } from '../cards/card.ts';
import type { HelpEntry } from '../cards/view.ts';
import type { PressAnswer } from '../channels/channel.ts';
import type { PlaygroundEvent } from '../channels/playground/hub.ts';
import type { Press, Say } from '../channels/playground/inbound.ts';
import type { Person } from '../channels/playground/people.ts';
import type { PlaygroundThread } from '../channels/playground/ports.ts';
import type { Incident, TimelineEntry } from '../incident/incident.ts';
import type { EpochMs, Locale } from '../types.ts';

/** What the chat's page shows and does. */
export interface PlaygroundPort {
  readonly people: readonly Person[];
  rooms(): Promise<readonly string[]>;
  /** The latest threads of a room, oldest first. */
  threads(room: string, limit: number, before?: string): Promise<readonly PlaygroundThread[]>;
  thread(id: string): Promise<PlaygroundThread | undefined>;
  say(said: Say): Promise<string>;
  /** Nothing when the message is not there. */
  press(pressed: Press): Promise<PressAnswer | undefined>;
  /** What the composer suggests. */
  commands(locale: Locale): readonly HelpEntry[];
}

/** News for browsers; returns how to stop. */
export type Subscribe = (listener: (event: PlaygroundEvent) => void) => () => void;

/** What the console's pages read. */
export interface ConsolePort {
  /** Newest first; what is unresolved the worst first. */
  incidents(filter: 'unresolved' | 'all', limit: number): Promise<readonly Incident[]>;
  incident(id: string, locale: Locale): Promise<IncidentPage | undefined>;
  health(locale: Locale): Promise<readonly HealthPart[]>;
}

export interface IncidentPage {
  readonly incident: Incident;
  readonly card: Card;
  /** Newest first. */
  readonly timeline: readonly TimelineEntry[];
  readonly deliveries: readonly DeliveryLine[];
}

/** Where an incident is shown, and how that went. */
export interface DeliveryLine {
  readonly target: string;
  /** What was done: `post`, `edit`, `send`, `attention`, `page`. */
  readonly verb?: string;
  /** `ok`, or what went wrong. */
  readonly state: string;
  readonly attempts: number;
  readonly at?: EpochMs;
  readonly latencyMs?: number;
  readonly error?: string;
}

export interface HealthPart {
  readonly name: string;
  readonly ok: boolean;
  /** Why not, or what is good to know. */
  readonly detail?: string;
}
