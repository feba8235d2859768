import type { About, Finding } from '../source.ts';
import { readableLine, relative, utc } from '../words.ts';
import type { Firing } from './firing.ts';
import { type Kin, rankOf } from './kin.ts';

const MOST_NAMED = 3;
const MOST_LABELS = 8;

/** One finding about alerts of one name that share labels with the incident. */
export function groupFinding(kin: Kin, about: About): Finding {
  const isChinese = about.locale === 'zh-CN';
  const { alerts, since } = kin;
  const when = `${utc(since)} (${relative(since, about.startedAt, about.locale)})`;
  const shared = kin.shared.map(({ name, value }) => `${name}="${readableLine(value, 80)}"`).join(', ');
  const head = isChinese
    ? `${alerts.length} 个，自 ${when}；与本故障同为 ${shared}`
    : `${alerts.length} firing since ${when}; shares ${shared}`;
  const rest = alerts.length - MOST_NAMED;
  const more = isChinese ? `另有 ${rest} 个` : `${rest} more`;
  return {
    source: 'alertmanager',
    title: `${isChinese ? '同时在响' : 'Also firing'} · ${readableLine(kin.name, 120)}`,
    text: [head, ...alerts.slice(0, MOST_NAMED).map(lineOf), ...(rest > 0 ? [more] : [])].join('\n'),
    at: since,
    relevance: Number(Math.min(0.9, 0.35 + 0.07 * rankOf(kin, about)).toFixed(3)),
    ...(rest > 0 ? { cut: true } : {}),
  };
}

/** What is not told of one by one: that nothing else fires is a fact too. */
export function restFinding(told: number, rest: number, others: readonly Kin[], { locale, now }: About): Finding {
  const names = others.slice(0, 8).map(({ name, alerts }) => `${readableLine(name, 60)} ×${alerts.length}`);
  const listed = names.length === 0 ? '' : names.join(', ');
  return {
    source: 'alertmanager',
    title: locale === 'zh-CN' ? '其他正在响的告警' : 'Other firing alerts',
    text: locale === 'zh-CN' ? inChinese(told, rest, listed) : inEnglish(told, rest, listed),
    at: now,
    relevance: rest === 0 ? 0.35 : 0.25,
  };
}

/** So many fire that not all were read: what else there is, nobody looked at. */
export const partFinding = (filter: readonly string[], { locale, now }: About): Finding => ({
  source: 'alertmanager',
  title: locale === 'zh-CN' ? '其他正在响的告警' : 'Other firing alerts',
  text:
    locale === 'zh-CN'
      ? `正在响的告警太多，只看了 ${readableLine(filter.join(', '), 120)} 的`
      : `too many fire to read them all: only those with ${readableLine(filter.join(', '), 120)} were looked at`,
  at: now,
  cut: true,
  relevance: 0.4,
});

function inEnglish(told: number, rest: number, listed: string): string {
  if (rest > 0) return `${rest} more fire that share no telling label with this incident: ${listed}`;
  return told > 0 ? 'nothing else fires' : 'nothing fires but this incident';
}

function inChinese(told: number, rest: number, listed: string): string {
  if (rest > 0) return `还有 ${rest} 个告警在响，与本故障没有共同的关键标签：${listed}`;
  return told > 0 ? '没有别的告警在响' : '除本故障外没有告警在响';
}

function lineOf({ labels, summary }: Firing): string {
  const named = Object.entries(labels)
    .filter(([name]) => name !== 'alertname')
    .slice(0, MOST_LABELS)
    .map(([name, value]) => `${readableLine(name, 40)}="${readableLine(value, 80)}"`);
  return `{${named.join(', ')}}${summary === '' ? '' : ` ${readableLine(summary, 200)}`}`;
}
