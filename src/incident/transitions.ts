import type { Status } from './incident.ts';

/** What moves an incident between states; everything else leaves the state alone. */
export const MOVES = ['acknowledge', 'resolve', 'reopen', 'expire', 'clear', 'refire'] as const;
export type Move = (typeof MOVES)[number];

/**
 * The whole life of an incident. A missing cell is an illegal move, not a bug to guard against.
 * `clear`: its last firing alert resolved. `refire`: an alert of it came back.
 */
const TRANSITIONS = {
  open: { acknowledge: 'acknowledged', resolve: 'resolved', expire: 'resolved', clear: 'resolved' },
  acknowledged: { resolve: 'resolved', expire: 'resolved', clear: 'resolved' },
  resolved: { reopen: 'open', refire: 'open' },
} as const satisfies Record<Status, Partial<Record<Move, Status>>>;

/** The state after a move, `undefined` when the state does not allow it. */
export function moved(from: Status, move: Move): Status | undefined {
  const row: Partial<Record<Move, Status>> = TRANSITIONS[from];
  return row[move];
}
