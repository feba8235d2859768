import { isJson, type Json } from '../lark/answer.ts';
import { html, type Markup } from './html.ts';
import { listIn, textIn, wordIn } from './view.ts';

const [WIDTH, HEIGHT, LEFT, BOTTOM, TOP] = [560, 200, 46, 24, 8];

interface Point {
  readonly x: string;
  readonly y: number;
  readonly series: string;
}

/** A chart's lines, simply: the values over their labels in the order given. */
export function chart({ chart_spec: spec }: Json): Markup {
  const points = pointsOf(spec);
  const labels = [...new Set(points.map(({ x }) => x))];
  const bySeries = [...Map.groupBy(points, ({ series }) => series)];
  const values = points.map(({ y }) => y);
  const [low, high] = [Math.min(0, ...values), Math.max(...values, Math.min(0, ...values) + 1e-9)];
  const place = ({ x, y }: Point): string => {
    const across = labels.length < 2 ? 0.5 : labels.indexOf(x) / (labels.length - 1);
    const up = (y - low) / (high - low);
    return `${(LEFT + across * (WIDTH - LEFT - 8)).toFixed(1)},${(HEIGHT - BOTTOM - up * (HEIGHT - BOTTOM - TOP)).toFixed(1)}`;
  };
  const title = isJson(spec) ? (textIn(spec['title'], 'text') ?? '') : '';
  return html`<figure class="chart">
    <figcaption>
      ${title}
      ${bySeries.length > 1 && bySeries.map(([name], index) => html`<span class="key s${index % 5}">${name}</span>`)}
    </figcaption>
    <svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${title}">
      ${[low, (low + high) / 2, high].map((value, index) => grid(value, index / 2))}
      ${[labels[0], labels.at(-1)].map(
        (label, index) =>
          html`<text
            x="${index === 0 ? LEFT : WIDTH - 8}"
            y="${HEIGHT - 6}"
            text-anchor="${index === 0 ? 'start' : 'end'}"
          >
            ${label}
          </text>`,
      )}
      ${bySeries.map(([, all], index) => html`<polyline class="s${index % 5}" points="${all.map(place).join(' ')}" />`)}
    </svg>
  </figure>`;
}

function grid(value: number, up: number): Markup {
  const y = HEIGHT - BOTTOM - up * (HEIGHT - BOTTOM - TOP);
  return html`<line x1="${LEFT}" x2="${WIDTH - 8}" y1="${y}" y2="${y}" />
    <text x="${LEFT - 6}" y="${y + 4}" text-anchor="end">${short(value)}</text>`;
}

const short = (value: number): string =>
  new Intl.NumberFormat('en', { notation: 'compact', maximumSignificantDigits: 3 }).format(value);

function pointsOf(spec: unknown): readonly Point[] {
  if (!isJson(spec)) return [];
  const data = Array.isArray(spec['data']) ? (spec['data'] as readonly unknown[])[0] : spec['data'];
  const [x, y] = [textIn(spec, 'xField') ?? 'x', textIn(spec, 'yField') ?? 'y'];
  const series = textIn(spec, 'seriesField') ?? '';
  return listIn(data, 'values').flatMap((value) =>
    isJson(value) && Number.isFinite(value[y])
      ? [{ x: wordIn(value, x), y: Number(value[y]), series: wordIn(value, series) }]
      : [],
  );
}
