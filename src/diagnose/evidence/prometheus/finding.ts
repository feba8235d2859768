import { setImmediate as turn } from 'node:timers/promises';
import type { Labels } from '../../../types.ts';
import type { About, Finding } from '../source.ts';
import { thin } from '../stats.ts';
import type { Prometheus, RawSeries } from './client.ts';
import { type Course, courseOf } from './course.ts';
import { rounded } from './numbers.ts';
import type { Window } from './window.ts';
import { courseIn, labelsIn } from './words.ts';

const MOST_CHARTED = 3;
const MOST_POINTS = 60;

/** A series and what became of it. */
export interface Judged {
  readonly labels: Labels;
  readonly points: RawSeries['points'];
  readonly course: Course;
}

/** About 10 ms of work. */
const POINTS_A_TURN = 5000;

/**
 * Those that changed most around the start first; of two alike the one whose labels come first. Lets others run between
 * some thousand points.
 */
export async function judge(
  series: readonly RawSeries[],
  window: Window,
  { startedAt }: About,
): Promise<readonly Judged[]> {
  const judged: (Judged & { readonly name: string })[] = [];
  let seen = 0;
  for (const { labels, points } of series) {
    seen += points.length;
    if (seen > POINTS_A_TURN) {
      seen = 0;
      await turn();
    }
    const course = courseOf(points, window, startedAt);
    if (course !== undefined) judged.push({ labels, points, course, name: labelsIn(labels) });
  }
  return judged
    .toSorted((a, b) => b.course.score - a.course.score || compare(a.name, b.name))
    .map(({ name: _name, ...one }) => one);
}

const compare = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

export interface Shown {
  readonly title: string;
  readonly query: string;
  readonly unit: string | undefined;
  /** Most telling first. */
  readonly judged: readonly Judged[];
  readonly window: Window;
  /** Said before the series, and after them. */
  readonly before?: readonly string[];
  readonly after?: readonly string[];
  readonly relevance: number;
  /** Of the series that are put into words. */
  readonly most: number;
}

/** A finding about some series: the first few in words and as a chart. */
export function seriesFinding(client: Prometheus, shown: Shown, about: About): Finding {
  const { judged, window, unit, query } = shown;
  const told = { unit, startedAt: about.startedAt, locale: about.locale };
  const lines = judged
    .slice(0, shown.most)
    .map(({ labels, course }) => courseIn(`${labels['__name__'] ?? ''}${labelsIn(labels)}`, course, told));
  const rest = judged.length - lines.length;
  const more = about.locale === 'zh-CN' ? `另有 ${rest} 个序列` : `${rest} more series`;
  const url = client.graph(query, window);
  return {
    source: 'prometheus',
    title: shown.title,
    query,
    text: [...(shown.before ?? []), ...lines, ...(rest > 0 ? [more] : []), ...(shown.after ?? [])].join('\n'),
    at: judged[0]?.course.shift?.at ?? judged[0]?.course.jump?.at ?? window.to,
    range: { from: window.from, to: window.to },
    relevance: Number(Math.min(1, shown.relevance).toFixed(3)),
    ...(url === undefined ? {} : { url }),
    ...(judged.length === 0 ? {} : { series: charted(judged) }),
    ...(rest > 0 ? { cut: true } : {}),
  };
}

const charted = (judged: readonly Judged[]): NonNullable<Finding['series']> =>
  judged.slice(0, MOST_CHARTED).map(({ labels, points }) => ({
    name: `${labels['__name__'] ?? ''}${labelsIn(labels)}`.slice(0, 120) || 'value',
    points: thin(points, MOST_POINTS).map(([at, value]) => [at, rounded(value)] as const),
  }));
