import type { Change, Channel } from '../channels/channel.ts';
import type { EpochMs } from '../types.ts';
import { mayEditAt } from './restraint.ts';
import type { Placement } from './placement.ts';

/** What to do about a claimed placement. */
export type Step =
  /** An earlier first post may or may not have arrived: the same payload under the same key. */
  | { readonly kind: 'repeat' }
  | { readonly kind: 'post' }
  | { readonly kind: 'edit' }
  /** The shown card can no longer be edited: a new one. */
  | { readonly kind: 'reissue' }
  /** Nothing to call: what is shown says it already, or says all that this channel is told. */
  | { readonly kind: 'record' }
  | { readonly kind: 'wait'; readonly until: EpochMs };

/** The card as it would be shown now. */
export interface Rendered {
  readonly hash: string;
  readonly changes: readonly Change[];
  readonly ring: number;
}

/** Decides from stored facts alone, so that any worker at any time would do the same. */
export function decideStep(
  placement: Placement,
  rendered: Rendered,
  channel: Pick<Channel, 'editing' | 'thrifty'>,
  now: EpochMs,
): Step {
  const { previous, shownHash, abandoned } = placement;
  if (placement.pendingPayload !== undefined) return { kind: 'repeat' };
  if (previous === undefined) return { kind: 'post' };
  const until = mayEditAt(placement, now);
  if (until > now && !abandoned) return { kind: 'wait', until };
  const news = rendered.changes.some((change) => change !== 'other');
  if (channel.editing === undefined) return { kind: news ? 'post' : 'record' };
  if (rendered.hash === shownHash && !abandoned) return { kind: 'record' };
  if (isPastEditing(previous, now)) return { kind: news ? 'reissue' : 'record' };
  if (!news && channel.thrifty?.() === true && mayBeSaved(placement, rendered)) return { kind: 'record' };
  return { kind: 'edit' };
}

/**
 * Whether an edit without news can be left out. Not where the card may show something false (an earlier edit's end is
 * unknown), not where people are to be called, and not a storm's: its counts are all that is seen of what it folded.
 */
const mayBeSaved = ({ kind, shownHash, abandoned, rung }: Placement, { ring }: Rendered): boolean =>
  kind === 'incident' && shownHash !== undefined && !abandoned && ring <= rung;

/** An edit that starts later than this before the window closes might arrive after it. */
const MARGIN_MS = 1000;

/** Whether the platform takes no more edits of this message. */
export const isPastEditing = (
  shown: { readonly editableUntil?: EpochMs; readonly editsLeft?: number },
  now: EpochMs,
): boolean => (shown.editableUntil !== undefined && shown.editableUntil - MARGIN_MS <= now) || shown.editsLeft === 0;
