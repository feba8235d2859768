import type { Labels } from '../../../types.ts';
import { failureFinding } from '../failure.ts';
import { selector } from '../promql.ts';
import type { About } from '../source.ts';
import { readableLine } from '../words.ts';
import type { Prometheus, RawSeries } from './client.ts';
import { nearness } from './course.ts';
import { type Judged, judge, seriesFinding } from './finding.ts';
import { LIMITS, type Limit } from './limits.ts';
import type { Related } from './related.ts';
import { relationTo } from './relation.ts';
import { type Window, dayBefore } from './window.ts';

const MOST_LIMITS = 4;
const MOST_SERIES = 4;
/** Tells the parts of one question apart. */
const TAG = 'zhiban_limit';

/**
 * Asks of the whole place what is near a limit: certificates, clocks, disks, tables, queues. Two questions find it, now
 * and a day before, and one each follows the most telling. What was not so the day before comes first, of it what the
 * alert's words point to. Never rejects.
 */
export async function nearLimits(
  client: Prometheus,
  about: About,
  window: Window,
  signal: AbortSignal,
): Promise<readonly Related[]> {
  try {
    const [now, yesterday] = await Promise.all([
      client.instant(EVERYTHING, window.to, signal),
      client.instant(EVERYTHING, dayBefore(window).to, signal).catch(() => []),
    ]);
    const found = LIMITS.flatMap((limit) => reachedOf(limit, now, yesterday, about))
      .toSorted((a, b) => b.rank - a.rank)
      .slice(0, MOST_LIMITS);
    return await Promise.all(found.map((one) => follow(client, one, about, window, signal)));
  } catch (error) {
    return [{ finding: failureFinding('prometheus', error, about, EVERYTHING), metric: '' }];
  }
}

const EVERYTHING = LIMITS.map(({ id, near }) => `label_replace(${near}, "${TAG}", "${id}", "", "")`).join(' or ');

/** A series that is near its limit. */
interface Near {
  /** Servers list series in any order; ours is the same every time. */
  readonly key: string;
  readonly labels: Labels;
  /** It was so a day before. */
  readonly stood: boolean;
  readonly related: boolean;
}

interface Reached {
  readonly limit: Limit;
  /** Most telling first. */
  readonly series: readonly Near[];
  readonly total: number;
  readonly rank: number;
}

function reachedOf(
  limit: Limit,
  now: readonly RawSeries[],
  yesterday: readonly RawSeries[],
  about: About,
): readonly Reached[] {
  const before = new Map(yesterday.filter(isOf(limit)).map((one) => [keyOf(one), valueOf(one)]));
  const near = now.filter(isOf(limit)).map((one): Near => {
    const key = keyOf(one);
    const earlier = before.get(key);
    const isSpentSince = limit.isSpent?.(valueOf(one)) === true && !limit.isSpent(earlier ?? 1);
    return {
      key,
      labels: withoutTag(one.labels),
      stood: earlier !== undefined && !isSpentSince,
      related: relationTo(about, one.labels),
    };
  });
  if (near.length === 0) return [];
  const series = near.toSorted((a, b) => ours(b) - ours(a) || (a.key < b.key ? -1 : 1)).slice(0, MOST_SERIES);
  return [{ limit, series, total: near.length, rank: Math.max(...near.map(rankOf)) }];
}

/** Of one kind, those that the alert's words point to; of several, what is new. */
const ours = ({ stood, related }: Near): number => (related ? 2 : 0) + (stood ? 0 : 1);
const rankOf = ({ stood, related }: Near): number => (related ? 1 : 0) + (stood ? 0 : 2);

const isOf =
  ({ id }: Limit) =>
  ({ labels }: RawSeries): boolean =>
    labels[TAG] === id;

const keyOf = ({ labels }: RawSeries): string => selector(labels);
const valueOf = ({ points }: RawSeries): number => points[0]?.[1] ?? 0;
const withoutTag = (labels: Labels): Labels =>
  Object.fromEntries(Object.entries(labels).filter(([name]) => name !== TAG && name !== '__name__'));

async function follow(
  client: Prometheus,
  { limit, series, total }: Reached,
  about: About,
  window: Window,
  signal: AbortSignal,
): Promise<Related> {
  const query = series.map(({ labels }) => limit.value(selector(labels))).join(' or ');
  try {
    const judged = await judge(await client.range(query, window, signal), window, about);
    const isNews = series.some(({ stood }) => !stood);
    const isRelated = series.some(({ related }) => related);
    const score = Math.max(judged[0]?.course.score ?? 0, crossing(limit, judged, about));
    const shown = {
      title: `${TITLE[about.locale]} · ${limit.title[about.locale]} · ${limit.metric}`,
      query,
      unit: limit.unit,
      judged,
      before: [condition(limit, total, isNews, about)],
      window,
      relevance: (isNews ? 0.35 + 0.5 * score : 0.3) + (isRelated ? 0.15 : 0),
      most: MOST_SERIES,
    };
    return { metric: limit.metric, finding: seriesFinding(client, shown, about) };
  } catch (error) {
    return { metric: '', finding: failureFinding('prometheus', error, about, query) };
  }
}

/** When something was used up about the start, that tells much however slowly it went. */
function crossing({ isSpent }: Limit, judged: readonly Judged[], { startedAt }: About): number {
  if (isSpent === undefined) return 0;
  const times = judged.flatMap(({ points }) => {
    const [first] = points;
    const at = points.find(([, value]) => isSpent(value))?.[0];
    return first === undefined || at === undefined || isSpent(first[1]) ? [] : [at];
  });
  return Math.max(0, ...times.map((at) => 0.9 * nearness(at, startedAt)));
}

const TITLE = { 'zh-CN': '接近上限', 'en-US': 'Near a limit' } as const;

function condition({ near }: Limit, total: number, isNews: boolean, { locale }: About): string {
  const said = readableLine(near, 300);
  if (locale === 'zh-CN') return `${said}：${total} 个序列${isNews ? '' : '，前一天也是如此'}`;
  return `${said}: ${total} series${isNews ? '' : ', and so it was the day before'}`;
}
