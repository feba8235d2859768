import type { AlertState } from '../support/fault-bench.ts';

/** One alert that the soak sends, with what its sender knows of it. */
export interface Subject {
  readonly name: string;
  readonly room: string;
  /** People resolve and reopen it, so its card follows them and not its sender alone. */
  readonly byHand: boolean;
  /** Sent in a burst: its incident may be folded into a storm and never have a card. */
  readonly burst: boolean;
  /** What was sent last, answered or not. */
  wanted: AlertState | undefined;
  /** The last state that was answered with 200. */
  acknowledged: AlertState | undefined;
  /** It was acknowledged as firing once, so there is an incident; a recovery nobody heard the start of opens none. */
  opened: boolean;
  /** A request of it broke: it may be stored, now or later. */
  doubtful: boolean;
  incidentId: string | undefined;
}

export const newSubject = (name: string, room: string, kind: { byHand?: boolean; burst?: boolean } = {}): Subject => ({
  name,
  room,
  byHand: kind.byHand ?? false,
  burst: kind.burst ?? false,
  wanted: undefined,
  acknowledged: undefined,
  opened: false,
  doubtful: false,
  incidentId: undefined,
});
