import type { EpochMs, Locale } from '../../../types.ts';
import type { About, Finding } from '../source.ts';
import { type Folded, rootOf } from './fold.ts';
import { readLine } from './line.ts';
import { complains } from './groups.ts';
import type { RankedGroup } from './rank.ts';
import { readableLine, relative, utc } from '../words.ts';

export interface Seen {
  readonly source: string;
  /** Most telling first. */
  readonly ranked: readonly RankedGroup[];
  readonly lines: number;
  readonly from: EpochMs;
  readonly to: EpochMs;
  readonly cut: boolean;
  /** The question that brought a stream's lines. */
  readonly queryOf: (stream: string) => string;
  readonly isOwn: (stream: string) => boolean;
  /** The first question. */
  readonly query: string;
}

const MOST = 12;
const MOST_OTHERS = 12;

/**
 * One finding per telling kind of line: what complains, and what harmless kinds are unusual; one about all the others,
 * which says so when nothing complains.
 */
export function logFindings(seen: Seen, about: About): readonly Finding[] {
  const telling = seen.ranked.filter((group) => complains(group) || group.fresh).slice(0, MOST);
  const others = seen.ranked.filter((group) => !telling.includes(group));
  const calm = !telling.some(complains);
  const findings = telling.map((group) => groupFinding(group, seen, about));
  return others.length === 0 && !calm ? findings : [...findings, overview(others, calm, seen, about)];
}

function groupFinding(group: RankedGroup, seen: Seen, about: About): Finding {
  const [nearest] = group.samples;
  const words = WORDS[about.locale];
  return {
    source: seen.source,
    title: `${words.log} · ${words.level[group.level]} ×${group.count} · ${readableLine(readLine(nearest.text).message, 80)}`,
    query: seen.queryOf(group.streams[0] ?? ''),
    text: [summaryOf(group, about), ...group.samples.map(sampleText)].join('\n'),
    at: Math.floor(nearest.at),
    range: { from: seen.from, to: seen.to },
    relevance: Number(group.score.toFixed(3)),
    ...(seen.cut ? { cut: true } : {}),
  };
}

function summaryOf({ count, before, firstAt, lastAt, fresh, streams, level }: RankedGroup, about: About): string {
  const words = WORDS[about.locale];
  const first = `${utc(firstAt)} (${relative(firstAt, about.startedAt, about.locale)})`;
  const times = count === 1 ? words.once(first) : words.often(count, count - before, first, utc(lastAt));
  const named = streams.slice(0, 3).map((stream) => readableLine(stream, 100));
  const more = streams.length > 3 ? ' …' : '';
  const from = named.length === 0 ? '' : `${words.from}${named.join(', ')}${more}`;
  return [words.level[level], times, fresh ? words.fresh : '', from].filter((part) => part !== '').join(words.joint);
}

/** A line, or of a trace its head, its root cause and the first frames. */
function sampleText(line: Folded): string {
  const { message } = readLine(line.text);
  const head = readableLine(line.text.length > 500 ? message : line.text, 500);
  if (line.rest.length === 0) return `> ${head}`;
  const root = rootOf(line);
  const frames = line.rest.filter((each) => each.trim() !== '' && each.trim() !== root).slice(0, 3);
  return [head, ...(root === '' ? [] : [root]), ...frames].map((each) => `> ${readableLine(each, 240)}`).join('\n');
}

function overview(others: readonly RankedGroup[], calm: boolean, seen: Seen, about: About): Finding {
  const words = WORDS[about.locale];
  const loudest = others.toSorted((a, b) => b.count - a.count);
  const isOwn = ({ streams }: RankedGroup): boolean => streams.some(seen.isOwn);
  const list = [...loudest.filter(isOwn), ...loudest.filter((group) => !isOwn(group))]
    .slice(0, MOST_OTHERS)
    .map(({ count, template }) => `×${count} ${readableLine(template, 160)}`);
  return {
    source: seen.source,
    title: calm ? words.calm : words.others,
    query: seen.query,
    text: [words.read(seen.lines, utc(seen.from), utc(seen.to), calm), ...list].join('\n'),
    at: about.now,
    range: { from: seen.from, to: seen.to },
    relevance: calm ? 0.35 : 0.15,
    ...(seen.cut || others.length > MOST_OTHERS ? { cut: true } : {}),
  };
}

interface Words {
  readonly log: string;
  readonly level: Readonly<Record<RankedGroup['level'], string>>;
  readonly once: (first: string) => string;
  readonly often: (count: number, after: number, first: string, last: string) => string;
  readonly fresh: string;
  readonly from: string;
  readonly joint: string;
  readonly calm: string;
  readonly others: string;
  readonly read: (lines: number, from: string, to: string, calm: boolean) => string;
}

const WORDS: Readonly<Record<Locale, Words>> = {
  'zh-CN': {
    log: '日志',
    level: { error: '错误', warning: '警告', info: '信息', unknown: '未标级别' },
    once: (first) => `出现 1 次，在 ${first}`,
    often: (count, after, first, last) => `出现 ${count} 次（开始后 ${after} 次），首次 ${first}，末次 ${last}`,
    fresh: '此前没有，或开始后骤增',
    from: '来自 ',
    joint: '；',
    calm: '日志里没有错误',
    others: '日志里的其他内容',
    read: (lines, from, to, calm) =>
      `${from} 到 ${to} 查到 ${lines} 行${lines === 0 ? '' : calm ? '，没有一行像是错误' : '，另有这些种类'}`,
  },
  'en-US': {
    log: 'Log',
    level: { error: 'error', warning: 'warning', info: 'info', unknown: 'no level' },
    once: (first) => `seen once, at ${first}`,
    often: (count, after, first, last) =>
      `seen ${count} times (${after} since the start), first ${first}, last ${last}`,
    fresh: 'new, or far more frequent since the start',
    from: 'from ',
    joint: '; ',
    calm: 'No errors in the logs',
    others: 'What else is in the logs',
    read: (lines, from, to, calm) =>
      `${lines} lines found between ${from} and ${to}${lines === 0 ? '' : calm ? ', none of them looks like an error' : ', also of these kinds'}`,
  },
};
