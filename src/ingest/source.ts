import type { IncomingHttpHeaders } from 'node:http';
import type { AlertStatus, Link, Severity } from '../incident/alert.ts';
import type { EpochMs, Labels } from '../types.ts';

/** One format alerts come in: one file, one line in the table of `detect.ts`. */
export interface AlertSource {
  /** Stable: in addresses, stored rows and metric labels. */
  readonly name: string;
  /** Whether the sender says again and again that an alert still fires; without it silence means nothing. */
  readonly repeats: boolean;
  /** Looks only at headers and the top level; the first source of the table that says yes is taken. */
  detect(body: unknown, headers: IncomingHttpHeaders): boolean;
  /** Never throws: an item that cannot be read is `ignored` and spoils no other. */
  parse(body: unknown, context: ParseContext): Parsed;
}

export interface ParseContext {
  readonly now: EpochMs;
  /** Custom senders that count; empty means all. */
  readonly botIds: readonly string[];
}

export interface Parsed {
  readonly alerts: readonly Draft[];
  readonly ignored: readonly Ignored[];
  /** The chat the sender asks for, when its format has such a thing. */
  readonly chatId?: string | undefined;
}

/** An item of a body that became no alert. `malformed` tells a broken one from one that merely says all is well. */
export interface Ignored {
  readonly index: number;
  readonly reason: string;
  readonly malformed: boolean;
}

/** An alert as its sender put it; `finish` bounds and cleans it. */
export interface Draft {
  readonly status: AlertStatus;
  readonly title: string | undefined;
  readonly summary: string | undefined;
  /** The sender's own word. */
  readonly severity: string | undefined;
  /** Taken when the sender gives no word; absent: warning. */
  readonly assumedSeverity?: Severity | undefined;
  readonly labels: Labels;
  readonly annotations: Labels;
  readonly groupLabels?: Labels | undefined;
  /** The sender's own identity; else `identity` is hashed, else the labels. */
  readonly fingerprint?: string | undefined;
  readonly identity?: Labels | undefined;
  readonly startsAt?: EpochMs | undefined;
  readonly endsAt?: EpochMs | undefined;
  readonly links: readonly Link[];
}

export type Item = Draft | { readonly reason: string; readonly malformed: boolean };

/** Bodies with more are cut, visibly. */
const MAX_ALERTS = 5000;

/** Reads items one by one. */
export function parseItems(items: readonly unknown[], parseItem: (item: unknown) => Item): Parsed {
  const alerts: Draft[] = [];
  const ignored: Ignored[] = [];
  const count = Math.min(items.length, MAX_ALERTS);
  for (let index = 0; index < count; index += 1) {
    const item = parseItem(items[index]);
    if ('reason' in item) ignored.push({ index, ...item });
    else alerts.push(item);
  }
  if (items.length > MAX_ALERTS) {
    const reason = `only the first ${MAX_ALERTS} of ${items.length} alerts in one body are read; send smaller bodies`;
    ignored.push({ index: MAX_ALERTS, reason, malformed: true });
  }
  return { alerts, ignored };
}

/** The whole body is one item. */
export const parseOne = (body: unknown, parseItem: (item: unknown) => Item): Parsed => parseItems([body], parseItem);

export const malformed = (reason: string): Item => ({ reason, malformed: true });
export const notFiring = (reason: string): Item => ({ reason, malformed: false });
