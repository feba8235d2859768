import type { EpochMs } from '../../../types.ts';
import type { About } from '../source.ts';
import { medianOf } from '../stats.ts';
import { relative, utc } from '../words.ts';
import { nearness } from './course.ts';
import type { Judged } from './finding.ts';

const LEAST_SERIES = 10;

/**
 * Most series of one place that begin or end at about the same time are one fact, not many: what serves them went away
 * or was started anew.
 */
export function togetherOf(
  judged: readonly Judged[],
  about: About,
): { readonly text: string; readonly score: number } | undefined {
  if (judged.length < LEAST_SERIES) return undefined;
  const ended = judged.flatMap(({ course }) => course.endedAt ?? []);
  const appeared = judged.flatMap(({ course }) => course.appearedAt ?? []);
  const [times, hasEnded] = ended.length >= appeared.length ? [ended, true] : [appeared, false];
  if (times.length * 2 < judged.length) return undefined;
  const at = medianOf(times);
  return {
    text: textOf(times.length, judged.length, hasEnded, at, about),
    score: 0.85 * nearness(at, about.startedAt),
  };
}

function textOf(some: number, all: number, hasEnded: boolean, at: EpochMs, { startedAt, locale }: About): string {
  const when = `${utc(at)} (${relative(at, startedAt, locale)})`;
  if (locale === 'zh-CN') {
    return `${all} 个序列中有 ${some} 个在 ${when} ${hasEnded ? '之后没有数据' : '才出现'}：提供它们的进程或采集${hasEnded ? '停了' : '重新开始了'}`;
  }
  return `${some} of ${all} series ${hasEnded ? 'end' : 'begin'} at about ${when}: what serves them, or the scrape of it, ${hasEnded ? 'stopped' : 'was started anew'}`;
}
