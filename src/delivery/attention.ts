import type { Channel } from '../channels/channel.ts';
import type { Incident } from '../incident/incident.ts';
import type { EpochMs } from '../types.ts';
import { isPastEditing } from './step.ts';
import type { OutboxRow } from './outbox.ts';
import type { Placement } from './placement.ts';

const GAP_MS = 5 * 60_000;
const OLD_CARD_MS = 24 * 60 * 60_000;

/** A placement that has rung less than its incident deserves, after this showing of it. */
export interface Due {
  readonly ring: number;
  /** A new message appeared, which rings phones by itself. */
  readonly posted: boolean;
}

/** When to announce, or that the card itself has rung, or that there is nothing to ring for. */
export type Ringing =
  | { readonly kind: 'none' }
  | { readonly kind: 'card' }
  | { readonly kind: 'announce'; readonly notBefore: EpochMs };

/**
 * An edit rings no phone: what raised `ring` since is announced by a short message, at most one per 5 min and
 * placement, critical incidents excepted. A new card needs none, but a critical incident's first card calls the people
 * on duty by name.
 */
export function decideRinging(
  placement: Pick<Placement, 'rung' | 'rungAt' | 'firstShownAt'>,
  incident: Pick<Incident, 'severity' | 'status'>,
  due: Due,
  mentions: number,
  now: EpochMs,
): Ringing {
  if (due.ring <= placement.rung) return { kind: 'none' };
  const critical = incident.severity === 'critical';
  const first = placement.firstShownAt === undefined;
  const callsByName = first && critical && incident.status === 'open' && mentions > 0;
  if (due.posted && !callsByName) return { kind: 'card' };
  const gapEnds = critical ? 0 : (placement.rungAt ?? -GAP_MS) + GAP_MS;
  return { kind: 'announce', notBefore: Math.max(now, gapEnds) };
}

/** Whether an announcement hangs below its card, or a new card takes the old one's place. */
export function needsNewCard(
  after: OutboxRow['after'],
  channel: Pick<Channel, 'threads' | 'editing'>,
  now: EpochMs,
): boolean {
  if (after?.ref === undefined || channel.editing === undefined) return false;
  if (channel.threads === undefined || isPastEditing(after, now)) return true;
  return after.postedAt !== undefined && after.postedAt <= now - OLD_CARD_MS;
}
