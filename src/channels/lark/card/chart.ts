import type { Series } from '../../../cards/card.ts';
import { formatStamp } from '../../../cards/time.ts';
import type { EpochMs } from '../../../types.ts';
import { oneLine } from './markdown.ts';
import type { Chart } from './wire.ts';

export interface ChartContent {
  readonly title: string;
  readonly unit?: string;
  readonly series: readonly Series[];
}

/** What is told apart on a phone; each point costs about 50 of the card's bytes. */
const MAX_SERIES = 5;
const MAX_POINTS = 60;
/** What `Date` can hold. */
const LAST_TIME = 8.64e15;

/** A line chart over time in `timezone`; nothing when there is no point to draw. Times are labels, written by us. */
export function chartElement({ title, unit, series }: ChartContent, timezone: string): Chart | undefined {
  const drawn = series.slice(0, MAX_SERIES).map(({ name, points }) => ({ name: oneLine(name), points: thin(points) }));
  const times = drawn.flatMap(({ points }) => points.map(([at]) => at));
  if (times.length === 0) return undefined;
  const labelOf = timeLabels(times, timezone);
  const values = drawn.flatMap(({ name, points }) =>
    points.map(([at, value]) => ({ time: labelOf(at), value, series: name })),
  );
  const several = drawn.length > 1;
  return {
    tag: 'chart',
    aspect_ratio: '2:1',
    chart_spec: {
      type: 'line',
      title: { text: oneLine(unit === undefined ? title : `${title} (${unit})`) },
      data: { values },
      xField: 'time',
      yField: 'value',
      ...(several && { seriesField: 'series', legends: { visible: true, orient: 'bottom' } }),
    },
  };
}

/** Evenly thinned, the newest point always kept. */
function thin(points: Series['points']): Series['points'] {
  const drawable = points.filter(([at, value]) => Number.isFinite(value) && Math.abs(at) <= LAST_TIME);
  const step = Math.max(1, Math.ceil(drawable.length / MAX_POINTS));
  return drawable.filter((_point, index) => (drawable.length - 1 - index) % step === 0);
}

/** Where a label may begin and end in `2026-11-22 03:04:05`, shortest first. */
const SLICES = [
  [11, 16],
  [11, 19],
  [5, 16],
  [5, 19],
  [0, 19],
] as const;

/** The shortest form in which no two of `times` read the same: the axis would draw them as one. */
function timeLabels(times: readonly EpochMs[], timezone: string): (at: EpochMs) => string {
  const stamps = [...new Set(times)].map((at) => formatStamp(at, timezone));
  const slice = SLICES.find(
    ([from, to]) => new Set(stamps.map((stamp) => stamp.slice(from, to))).size === stamps.length,
  );
  return (at) => formatStamp(at, timezone).slice(...(slice ?? [0]));
}
