import type { Series } from './card.ts';

type Point = Series['points'][number];

export interface SparklineOptions {
  /** Pixels; 240 × 48 when absent. */
  readonly width?: number;
  readonly height?: number;
  /** A vertical line there: when the incident began. */
  readonly markAt?: number;
}

const EDGE = 3;
const MOST_LINES = 3;
const DASHES = ['', ' stroke-dasharray="5 2"', ' stroke-dasharray="1.5 2.5"'] as const;

/**
 * A small inline SVG of up to three series. It holds numbers only, never a name, so nothing of what a series is called
 * can get into a page; `currentColor` fits it to light and dark. Empty without two points in any series.
 */
export function sparkline(series: readonly (readonly Point[])[], options: SparklineOptions = {}): string {
  const { width = 240, height = 48, markAt } = options;
  const lines = series
    .slice(0, MOST_LINES)
    .map((points) => points.filter(([at, value]) => Number.isFinite(at) && Number.isFinite(value)))
    .filter((points) => points.length > 1);
  if (lines.length === 0) return '';
  const x = scale(
    lines.flat().map(([at]) => at),
    EDGE,
    width - EDGE,
  );
  const y = scale(
    lines.flat().map(([, value]) => value),
    height - EDGE,
    EDGE,
  );
  const paths = lines.map(
    (points, index) =>
      `<polyline fill="none" stroke="currentColor" stroke-width="1.5"${DASHES[index] ?? ''} points="${points
        .map(([at, value]) => `${short(x(at))},${short(y(value))}`)
        .join(' ')}"/>`,
  );
  const mark = markAt === undefined || !Number.isFinite(markAt) ? '' : markLine(x(markAt), width, height);
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${short(width)} ${short(height)}" width="${short(width)}" height="${short(height)}" aria-hidden="true">${mark}${paths.join('')}</svg>`;
}

const markLine = (x: number, width: number, height: number): string =>
  x < 0 || x > width
    ? ''
    : `<line x1="${short(x)}" x2="${short(x)}" y1="0" y2="${short(height)}" stroke="currentColor" stroke-opacity="0.4" stroke-dasharray="2 2"/>`;

/** A constant runs through the middle. */
function scale(values: readonly number[], from: number, to: number): (value: number) => number {
  const least = Math.min(...values);
  const most = Math.max(...values);
  // Halves, since the difference of two finite numbers may be infinite.
  const span = most / 2 - least / 2;
  return (value) => (span === 0 ? (from + to) / 2 : from + ((value / 2 - least / 2) / span) * (to - from));
}

const short = (value: number): string => `${Number(value.toFixed(1))}`;
