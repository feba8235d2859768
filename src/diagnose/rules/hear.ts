import type { Evidence } from '../diagnosis.ts';
import { toldOf } from '../facts.ts';
import { textOf } from '../match.ts';
import type { EvidencePack } from '../provider.ts';
import type { EpochMs } from '../../types.ts';
import { namesIn, withoutNeighbours } from './neighbours.ts';
import { ownWords } from './states.ts';

/** One item of evidence as the rules read it: without what only describes, and with how far it may be believed. */
export interface Heard {
  readonly id: string;
  readonly source: string;
  /** `state` is what the cluster or a probe found, `kin` another alert that fires, `own` the alert's own expression. */
  readonly kind: 'alert' | 'log' | 'state' | 'metric' | 'kin' | 'change' | 'own';
  readonly title: string;
  /** Untrusted, at most `MOST_TEXT` characters; of metrics a line for each series, with the title before it. */
  readonly text: string;
  /** 0 … 1 */
  readonly trust: number;
  readonly at: EpochMs;
}

/** Of one item, and of all items together: reading is linear, and this bounds it to a few milliseconds. */
const MOST_TEXT = 1200;
const MOST_ALL = 20_000;
/** What is less relevant than this describes and does not tell. */
const LEAST = { state: 0.5, metric: 0.45, kin: 0.55, probe: 0.8 } as const;
/** A complaint that was there before the trouble. */
const STALE_SHARE = 0.6;

/** What may speak for a cause; failed items, runbooks and past incidents are nothing that was seen here. */
export function hear(pack: EvidencePack): readonly Heard[] {
  const told = toldOf(pack);
  const names = namesIn(pack, quoted);
  let alert = 0;
  const heard = pack.evidence.flatMap((item): readonly Heard[] => {
    if (item.failed === true) return [];
    if (item.source === 'alert') return alertHeard(item, told[alert++]);
    const read = readItem(item, names);
    return read === undefined ? [] : [{ id: item.id, source: item.source, title: item.title, at: item.at, ...read }];
  });
  return bounded(heard);
}

/** Whether any source was asked and answered. */
export const isAnswered = ({ evidence }: EvidencePack): boolean =>
  evidence.some(({ source, failed }) => failed !== true && !SILENT.has(source));

/** These are there whatever is configured, or have nothing to say of how things are. */
const SILENT = new Set(['alert', 'rule', 'incident', 'runbook', 'runbooks', 'changes']);

type Read = Pick<Heard, 'kind' | 'text' | 'trust'>;

const alertHeard = ({ id, source, title, at }: Evidence, told: Parameters<typeof textOf>[0] | undefined) =>
  told === undefined ? [] : [{ id, source, title, at, kind: 'alert', text: textOf(told), trust: 1 } as const];

function readItem(item: Evidence, names: string | undefined): Read | undefined {
  const { source, title, text, relevance = 0.5 } = item;
  const both = `${title}\n${text}`.slice(0, MOST_TEXT);
  switch (source) {
    case 'loki':
    case 'elasticsearch':
      return readLog(item, both);
    case 'kubernetes':
      return readCluster(names === undefined ? item : withoutNeighbours(item, names));
    case 'prometheus':
      return readMetric(item);
    case 'probe':
      return relevance < LEAST.probe ? undefined : { kind: 'state', text: both, trust: relevance };
    case 'alertmanager':
      return relevance < LEAST.kin || !KIN.test(title) ? undefined : { kind: 'kin', text: both, trust: relevance };
    case 'changes':
      return { kind: 'change', text: both, trust: relevance };
    default:
      return source.startsWith('mcp') ? { kind: 'log', text: both, trust: 0.5 * relevance } : undefined;
  }
}

const KIN = /^(also firing|同时在响) · /i;
const OVERVIEW = /^(no errors in the logs|what else is in the logs|日志里没有错误|日志里的其他内容)$/i;
const FRESH = /new, or far more frequent since the start|此前没有，或开始后骤增/;

function readLog({ title, text, relevance = 0.5 }: Evidence, both: string): Read | undefined {
  if (OVERVIEW.test(title)) return undefined;
  const [summary = ''] = text.split('\n', 1);
  return { kind: 'log', text: quoted(text) || both, trust: relevance * (FRESH.test(summary) ? 1 : STALE_SHARE) };
}

/** What programs wrote, without our words around it: those speak for no cause. */
const quoted = (text: string): string =>
  text
    .split('\n')
    .flatMap((line) => (line.startsWith('> ') ? [line.slice(2)] : []))
    .join('\n')
    .slice(0, MOST_TEXT);

const ROLLOUT = /^(rollouts of deployment|发布情况)|was rolled out|发布过$/i;
const CONTAINER_LOG = / logs \S{1,260} -c /;

function readCluster({ title, text, query = '', relevance = 0.5 }: Evidence): Read | undefined {
  if (text === '') return undefined;
  const both = `${title}\n${text}`.slice(0, MOST_TEXT);
  if (ROLLOUT.test(title)) return { kind: 'change', text: both, trust: relevance };
  if (CONTAINER_LOG.test(query)) return { kind: 'log', text: both, trust: 0.9 * relevance };
  if (relevance < LEAST.state) return undefined;
  return {
    kind: 'state',
    text: `${title}\n${ownWords(title, text)}`.slice(0, MOST_TEXT),
    trust: relevance < 0.7 ? 0.5 : relevance,
  };
}

const OWN = /^(the alert’s own expression|告警表达式的值) · /i;

function readMetric({ title, text, relevance = 0.5 }: Evidence): Read | undefined {
  if (OWN.test(title)) return { kind: 'own', text: text.slice(0, 2000), trust: relevance };
  if (relevance < LEAST.metric) return undefined;
  const lines = text.split('\n').slice(0, 5);
  const said = lines.map((line) => `${title} ${line}`.slice(0, 400)).join('\n');
  return { kind: 'metric', text: said.slice(0, MOST_TEXT), trust: relevance };
}

/** The most trusted first when there is too much to read. */
function bounded(heard: readonly Heard[]): readonly Heard[] {
  let left = MOST_ALL;
  const kept = new Set<Heard>();
  for (const one of heard.toSorted((a, b) => b.trust - a.trust)) {
    if (one.text.length > left) continue;
    left -= one.text.length;
    kept.add(one);
  }
  return heard.filter((one) => kept.has(one));
}
