import type { EpochMs, Labels, Locale } from '../../../types.ts';
import type { Summary } from '../stats.ts';
import { readableLine, relative, utc } from '../words.ts';
import type { Course } from './course.ts';
import { numberIn } from './numbers.ts';

export interface Told {
  readonly unit: string | undefined;
  readonly startedAt: EpochMs;
  readonly locale: Locale;
}

const MOST_LABELS = 8;
/** What tells two series apart for a machine only. */
const DULL = new Set([
  '__name__',
  'id',
  'uid',
  'image',
  'image_id',
  'container_id',
  'endpoint',
  'metrics_path',
  'prometheus',
]);

/** `{pod="checkout-7d9f", container="app"}`, untrusted, for reading only. */
export function labelsIn(labels: Labels): string {
  const named = Object.entries(labels)
    .filter(([name, value]) => !DULL.has(name) && value !== '')
    .slice(0, MOST_LABELS)
    .map(([name, value]) => `${readableLine(name, 40)}="${readableLine(value, 80)}"`);
  return named.length === 0 ? '' : `{${named.join(', ')}}`;
}

/** One series in words: what it is now, between what, and what changed when. */
export function courseIn(name: string, course: Course, told: Told): string {
  const said = told.locale === 'zh-CN' ? inChinese(course, told) : inEnglish(course, told);
  const [lead, joint] = told.locale === 'zh-CN' ? ['：', '；'] : [': ', '; '];
  return `${name === '' ? '' : `${name}${lead}`}${said.join(joint)}`;
}

interface Facts {
  readonly value: (value: number) => string;
  readonly time: (at: EpochMs) => string;
}

const factsOf = ({ unit, startedAt, locale }: Told): Facts => ({
  value: (value) => numberIn(value, unit),
  time: (at) => `${utc(at)} (${relative(at, startedAt, locale)})`,
});

function inEnglish({ summary, shift, jump, run, trend, appearedAt, endedAt }: Course, told: Told): readonly string[] {
  const { value, time } = factsOf(told);
  const parts = [
    `last ${value(summary.last[1])}`,
    summary.min[1] === summary.max[1]
      ? 'constant'
      : `between ${value(summary.min[1])} and ${value(summary.max[1])}, highest at ${utc(summary.max[0])}`,
  ];
  if (shift !== undefined) {
    const verb = shift.after > shift.before ? 'rose' : 'fell';
    parts.push(
      `${verb} from about ${value(shift.before)} to about ${value(shift.after)} at ${time(shift.at)}${times(shift.before, shift.after)}, ${sigma(shift.effect)}`,
    );
  }
  if (jump !== undefined) {
    parts.push(
      `${jump.to > jump.from ? 'jumped' : 'dropped'} from ${value(jump.from)} to ${value(jump.to)} at ${time(jump.at)}`,
    );
  }
  if (run !== undefined) {
    parts.push(`${run.perHour > 0 ? 'grew' : 'fell'} steadily until then by ${value(Math.abs(run.perHour))} an hour`);
  }
  if (trend !== undefined) {
    parts.push(`${trend.perHour > 0 ? 'grows' : 'falls'} steadily by ${value(Math.abs(trend.perHour))} an hour`);
  }
  if (appearedAt !== undefined) parts.push(`first seen at ${time(appearedAt)}`);
  if (endedAt !== undefined) parts.push(`not seen after ${time(endedAt)}`);
  return parts;
}

function inChinese({ summary, shift, jump, run, trend, appearedAt, endedAt }: Course, told: Told): readonly string[] {
  const { value, time } = factsOf(told);
  const parts = [
    `最新 ${value(summary.last[1])}`,
    summary.min[1] === summary.max[1]
      ? '一直不变'
      : `在 ${value(summary.min[1])} 到 ${value(summary.max[1])} 之间，${utc(summary.max[0])} 最高`,
  ];
  if (shift !== undefined) {
    const verb = shift.after > shift.before ? '升' : '降';
    parts.push(
      `${time(shift.at)} 起从约 ${value(shift.before)} ${verb}到约 ${value(shift.after)}${times(shift.before, shift.after)}，${sigma(shift.effect)}`,
    );
  }
  if (jump !== undefined) {
    parts.push(`${time(jump.at)} 从 ${value(jump.from)} ${jump.to > jump.from ? '突增' : '突降'}到 ${value(jump.to)}`);
  }
  if (run !== undefined) {
    parts.push(`在那之前持续${run.perHour > 0 ? '上升' : '下降'}，每小时 ${value(Math.abs(run.perHour))}`);
  }
  if (trend !== undefined) {
    parts.push(`持续${trend.perHour > 0 ? '上升' : '下降'}，每小时 ${value(Math.abs(trend.perHour))}`);
  }
  if (appearedAt !== undefined) parts.push(`${time(appearedAt)} 才出现`);
  if (endedAt !== undefined) parts.push(`${time(endedAt)} 之后没有数据`);
  return parts;
}

const times = (before: number, after: number): string => {
  const factor = after / before;
  return factor > 1.2 && factor < 1e6 ? ` (×${Number(factor.toPrecision(2))})` : '';
};

const sigma = (effect: number): string => (effect >= 99 ? '>99σ' : `${Math.round(effect)}σ`);

/** What the same hours were like a day before. */
export const dayBeforeIn = (summary: Summary, { unit, locale }: Told): string => {
  const [min, max, mean] = [summary.min[1], summary.max[1], summary.mean].map((value) => numberIn(value, unit));
  return locale === 'zh-CN'
    ? `前一天同一时段：${min} 到 ${max}，平均 ${mean}`
    : `the same hours of the day before: ${min} to ${max}, ${mean} on average`;
};
