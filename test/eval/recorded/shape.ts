import type { Random } from '../../soak/random.ts';
import type { RecordedSeries } from '../scenario.ts';

type Shape = RecordedSeries['shape'];
type Event = Shape['events'][number];

/** Minutes that a drop or a spike takes when it does not say. */
const SUDDEN = 0.5;

/** The value of a shape at a minute: its events one after another, then the noise. Counters, which only rise, have none. */
export function valueAt({ base, noise, events }: Shape, minute: number, random: Random): number {
  let value = base;
  for (const event of events.toSorted((a, b) => a.at - b.at)) value = after(event, value, minute);
  return noise === 0 ? value : value * Math.max(0, 1 + noise * normal(random));
}

function after({ at, kind, to, over }: Event, before: number, minute: number): number {
  if (minute < at) return before;
  const elapsed = minute - at;
  if (kind === 'step') return to;
  if (kind === 'spike') return elapsed <= (over ?? SUDDEN) ? to : before;
  const part = Math.min(1, elapsed / (over ?? (kind === 'drop' ? SUDDEN : 1)));
  return before + (to - before) * part;
}

/** Standard normal, by Box and Muller, at most three deviations. */
function normal(random: Random): number {
  const radius = Math.sqrt(-2 * Math.log(Math.max(random.next(), 1e-9)));
  return Math.max(-3, Math.min(3, radius * Math.cos(2 * Math.PI * random.next())));
}
