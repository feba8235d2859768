import { roomIn, slotsOf } from './lanes.ts';
import type { LaneDeps } from './work-lane.ts';

/** Those of the woken targets that may be called now; the others are woken when they may. */
export function withRoom(
  ids: readonly string[],
  { lanes, gates, bell, clock }: Pick<LaneDeps, 'lanes' | 'gates' | 'bell' | 'clock'>,
): readonly string[] {
  const now = clock.now();
  return ids.filter((id) => {
    const lane = lanes.get(id);
    if (lane === undefined) return true;
    const app = lane.channel.appPacing;
    if (app !== undefined && gates.stops(app.key, id, now)) return false;
    if (slotsOf(lane, now) > 0) return true;
    lane.crowded = true;
    const ms = roomIn(lane, now);
    if (ms !== undefined) bell.ringIn(id, ms);
    return false;
  });
}
