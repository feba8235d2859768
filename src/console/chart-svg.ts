import type { Series } from '../cards/card.ts';
import { type Html, html } from './html.ts';

interface Chart {
  readonly title: string;
  readonly unit?: string;
  readonly series: readonly Series[];
}

const WIDTH = 560;
const HEIGHT = 120;
const PAD = { left: 44, right: 10, top: 8, bottom: 8 };
/** As many as the style sheet has colours for; further series repeat them. */
const COLOURS = 5;

/** A line chart as SVG whose colours come from the style sheet, so it follows light and dark. Pure. */
export function chartSvg({ title, unit, series }: Chart): Html {
  const points = series.flatMap((line) => line.points).filter(([, value]) => Number.isFinite(value));
  if (points.length === 0) return html``;
  const scale = scaleOf(points);
  const label = unit === undefined ? title : `${title} (${unit})`;
  return html`<figure class="chart">
    <figcaption>${title}${unit !== undefined && html` <span class="muted">${unit}</span>`}${legend(series)}</figcaption>
    <svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${label}">
      ${gridLines(scale)}${series.map((line, index) => lineSvg(line, index, scale))}
    </svg>
  </figure>`;
}

interface Scale {
  readonly low: number;
  readonly high: number;
  readonly x: (at: number) => number;
  readonly y: (value: number) => number;
}

function scaleOf(points: readonly (readonly [number, number])[]): Scale {
  const times = points.map(([at]) => at);
  const values = points.map(([, value]) => value);
  const [from, to] = [bound(times, Math.min), bound(times, Math.max)];
  // Lines that live far from zero are still told apart; everything else starts at zero.
  const [least, most] = [bound(values, Math.min), bound(values, Math.max)];
  const low = least >= 0 && least < most * 0.6 ? 0 : least - (most - least) * 0.1;
  // Half an incident is none: what is counted gets whole ticks, the middle one too.
  const counted = low === 0 && values.every(Number.isInteger);
  const room = most === low ? low + 1 : most + (most - low) * 0.05;
  const high = counted ? 2 * Math.ceil(room / 2) : room;
  const along = (value: number, start: number, end: number) => (end === start ? 0.5 : (value - start) / (end - start));
  return {
    low,
    high,
    x: (at) => round(PAD.left + along(at, from, to) * (WIDTH - PAD.left - PAD.right)),
    y: (value) => round(HEIGHT - PAD.bottom - along(value, low, high) * (HEIGHT - PAD.top - PAD.bottom)),
  };
}

/** `Math.min(...values)` overflows the stack on long lists. */
const bound = (values: readonly number[], pick: (a: number, b: number) => number): number =>
  values.reduce((a, b) => pick(a, b));

function gridLines({ low, high, y }: Scale): Html {
  const values = [low, (low + high) / 2, high];
  return html`${values.map(
    (value) =>
      html`<line class="grid" x1="${PAD.left}" x2="${WIDTH - PAD.right}" y1="${y(value)}" y2="${y(value)}" /><text
          class="tick"
          x="${PAD.left - 6}"
          y="${y(value) + 3}"
          text-anchor="end"
        >
          ${short(value)}
        </text>`,
  )}`;
}

function lineSvg({ name, points }: Series, index: number, { x, y, low }: Scale): Html {
  const drawn = points.filter(([, value]) => Number.isFinite(value));
  const [first, last] = [drawn[0], drawn.at(-1)];
  if (first === undefined || last === undefined) return html``;
  const path = drawn.map(([at, value]) => `${x(at)},${y(value)}`).join(' L');
  const area = `M${x(first[0])},${y(low)} L${path} L${x(last[0])},${y(low)} Z`;
  return html`<g class="series series-${(index % COLOURS) + 1}">
    <title>${name}</title>
    ${index === 0 && html`<path class="area" d="${area}" />`}
    <path class="line" d="M${path}" />
    <circle class="last" cx="${x(last[0])}" cy="${y(last[1])}" r="3" />
  </g>`;
}

const legend = (series: readonly Series[]): Html | false =>
  series.length > 1 &&
  html`<span class="legend"
    >${series.map(({ name }, index) => html`<span class="key series-${(index % COLOURS) + 1}">${name}</span>`)}</span
  >`;

const round = (value: number): number => Math.round(value * 10) / 10;

const SHORT = new Intl.NumberFormat('en-US', { notation: 'compact', maximumSignificantDigits: 3 });
const short = (value: number): string => SHORT.format(value);
