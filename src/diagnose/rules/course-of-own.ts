import { hasChanged } from './courses.ts';

/** How far from its threshold a value may flap and still be nothing, as a share of the threshold. */
const NEAR = 0.05;

/**
 * Whether the alert's own expression, as the evidence tells it, does not hold any more although its value is still
 * there: without a value nothing is known. The first line is the expression itself.
 */
export const isBackToNormal = (text: string): boolean => {
  const [, state = '', ...rest] = text.split('\n');
  return HOLDS_NOT.test(state) && rest.some((line) => isValue(line) && !GONE.test(line));
};

/** Whether it holds, and its value changed on the way there. */
export const isBorneOut = (text: string): boolean => {
  const [, state = '', ...rest] = text.split('\n');
  return !HOLDS_NOT.test(state) && rest.some((line) => isValue(line) && hasChanged(line));
};

const HOLDS_NOT = /^holds for no series at |已没有序列满足/;
const GONE = /; not seen after |之后没有数据/;
const isValue = (line: string): boolean => /(?:^|: |：)(?:last|最新) /.test(line);

/**
 * Whether its value is what it was at this hour of the day before too, or only touches its threshold without any change
 * of level: then the threshold is in question and not the system.
 */
export function isAsUsual(text: string): boolean {
  const [, state = '', ...rest] = text.split('\n');
  const [, operator = '', limitText = ''] = /(?:threshold|阈值) ([<>]=?) (.{1,40})$/.exec(state) ?? [];
  const limit = amountOf(limitText);
  const series = rest.filter(isValue);
  if (limit === undefined || series.length === 0) return false;
  const isUp = operator.startsWith('>');
  const beyond = (value: number): boolean => (isUp ? value >= limit : value <= limit);
  const worst = series.map((line) => extremeOf(line, isUp));
  const before = rest.map((line) => dayBefore(line, isUp)).find((value) => value !== undefined);
  if (before !== undefined && beyond(before) && worst.every((value) => isLike(value, before, isUp))) return true;
  const slack = Math.abs(limit) * NEAR;
  return series.every((line, at) => !hasChanged(line) && Math.abs((worst[at] ?? Infinity) - limit) <= slack);
}

const isLike = (value: number | undefined, before: number, isUp: boolean): boolean =>
  value !== undefined && (isUp ? value <= before + Math.abs(before) * NEAR : value >= before - Math.abs(before) * NEAR);

function extremeOf(line: string, isUp: boolean): number | undefined {
  const [, low = '', high = ''] =
    /between (.{1,30}?) and (.{1,30}?), highest/.exec(line) ?? /在 (.{1,30}?) 到 (.{1,30}?) 之间/.exec(line) ?? [];
  const [, last = ''] = /(?:last|最新) ([^;；]{1,30})/.exec(line) ?? [];
  return amountOf(isUp ? high : low) ?? amountOf(last);
}

function dayBefore(line: string, isUp: boolean): number | undefined {
  const [, low = '', high = ''] =
    /^the same hours of the day before: (.{1,30}?) to (.{1,30}?), /.exec(line) ??
    /^前一天同一时段：(.{1,30}?) 到 (.{1,30}?)，/.exec(line) ??
    [];
  return amountOf(isUp ? high : low);
}

const SCALES: Readonly<Record<string, number>> = {
  B: 1,
  KiB: 1024,
  MiB: 1024 ** 2,
  GiB: 1024 ** 3,
  TiB: 1024 ** 4,
  PiB: 1024 ** 5,
  ms: 0.001,
  s: 1,
  min: 60,
  h: 3600,
  d: 86_400,
};

/** `1.07 GiB`, `97.3%`, `250 ms`, `12.4/s` as a number in the smallest common unit. */
function amountOf(text: string): number | undefined {
  const [, number = '', unit = ''] =
    /^(-?\d{1,20}(?:\.\d{1,20})?(?:e[+-]?\d{1,3})?) ?([A-Za-z]{1,8})?/.exec(text.trim()) ?? [];
  return number === '' ? undefined : Number(number) * (SCALES[unit] ?? 1);
}
