import type { EpochMs, Locale } from '../../types.ts';

const SECOND = 1000;

/** `2026-11-22T07:58:10Z`: to the second, UTC. */
export const utc = (at: EpochMs): string => {
  const date = new Date(Math.floor(at));
  return Number.isNaN(date.getTime()) ? '?' : `${date.toISOString().slice(0, 19)}Z`;
};

/** `1 分 50 秒` / `1 min 50 s`, of a time span without its sign. */
export function span(ms: number, locale: Locale): string {
  const seconds = Math.round(Math.abs(ms) / SECOND);
  const parts: readonly (readonly [number, string, string])[] = [
    [Math.floor(seconds / 86_400), '天', 'd'],
    [Math.floor(seconds / 3600) % 24, '小时', 'h'],
    [Math.floor(seconds / 60) % 60, '分', 'min'],
    [seconds % 60, '秒', 's'],
  ];
  const said = parts.filter(([count]) => count > 0).slice(0, 2);
  if (said.length === 0) return locale === 'zh-CN' ? '0 秒' : '0 s';
  return said.map(([count, zh, en]) => `${count} ${locale === 'zh-CN' ? zh : en}`).join(' ');
}

/** `故障开始前 1 分 50 秒` / `1 min 50 s before the start`. */
export function relative(at: EpochMs, startedAt: EpochMs, locale: Locale): string {
  const distance = at - startedAt;
  if (locale === 'zh-CN') return `故障开始${distance < 0 ? '前' : '后'} ${span(distance, locale)}`;
  return `${span(distance, locale)} ${distance < 0 ? 'before' : 'after'} the start`;
}

/** An untrusted line for reading: without terminal colours, control and invisible characters, at most `most` long. */
export function readableLine(text: string, most: number): string {
  const line = text
    .slice(0, most * 2)
    // oxlint-disable-next-line no-control-regex -- colours of terminals begin with it
    .replaceAll(/\u001B\[[\d;]{0,20}[A-Za-z]/g, '')
    .replaceAll(/[\p{Cf}\p{Default_Ignorable_Code_Point}]/gu, '')
    .replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
    .trim();
  return (line.length > most ? `${line.slice(0, most - 1)}…` : line).toWellFormed();
}
