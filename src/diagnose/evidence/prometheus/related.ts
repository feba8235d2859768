import type { Labels } from '../../../types.ts';
import { failureFinding } from '../failure.ts';
import type { About, Finding } from '../source.ts';
import { readableLine } from '../words.ts';
import { calmFinding } from './calm.ts';
import type { Prometheus } from './client.ts';
import { seriesFinding } from './finding.ts';
import { type Found, type Look, look } from './look.ts';
import { unitOf } from './numbers.ts';
import {
  MOST_SCOPES,
  type Scope,
  labelsOf,
  machines,
  matchersOf,
  namesMachine,
  podsOf,
  podsOfService,
  scopesOf,
} from './scope.ts';
import type { Window } from './window.ts';

/** A finding about a metric that changed near the start; without its name when it is about none in particular. */
export interface Related {
  readonly finding: Finding;
  readonly metric: string;
}

const MOST_FOUND = 8;
/** What runs on more machines than these is not in trouble because of one. */
const MOST_MACHINES = 2;

/**
 * Looks through the series that carry the alert's labels for those that changed around the start, and tells of the
 * ones that changed most, one finding per metric; then through those of the machine and the namespace that the first
 * ones name, where the alert names none. Never rejects.
 */
export async function relatedSeries(
  client: Prometheus,
  about: About,
  window: Window,
  signal: AbortSignal,
): Promise<readonly Related[]> {
  const ask = async (scope: Scope): Promise<Answer> => answerOf(client, scope, about, window, signal);
  const known = scopesOf(about);
  const [first, nodes] = await Promise.all([
    Promise.all(known.map(ask)),
    known.length < MOST_SCOPES && !namesMachine(about) ? nodesOf(client, about, window, signal) : [],
  ]);
  const learned = learnedFrom(about, first[0]?.labels ?? [], nodes).slice(0, MOST_SCOPES - known.length);
  const answers = [...first, ...(await Promise.all(learned.map(ask)))];
  const found = answers.flatMap((answer) => answer.found);
  // The near scope comes first: what it tells, the wide one need not tell again.
  const once = found.filter(({ metric }, index) => found.findIndex((one) => one.metric === metric) === index);
  const best = once.toSorted((a, b) => b.score - a.score).slice(0, MOST_FOUND);
  const [scope = [], calm = []] = [known[0], first[0]?.calm];
  return [
    ...best.map((one) => ({
      metric: one.judged.length === 0 ? '' : one.metric,
      finding: told(client, one, about, window),
    })),
    ...calmFinding(client, calm, scope, about, window).map((finding) => ({ finding, metric: '' })),
    ...answers.flatMap(({ failures }) => failures),
  ];
}

interface Answer extends Look {
  readonly failures: readonly Related[];
}

async function answerOf(
  client: Prometheus,
  scope: Scope,
  about: About,
  window: Window,
  signal: AbortSignal,
): Promise<Answer> {
  try {
    return { ...(await look(client, scope, about, window, signal)), failures: [] };
  } catch (error) {
    const finding = failureFinding('prometheus', error, about, `{${scope.join(',')}}`);
    return { found: [], calm: [], labels: [], failures: [{ finding, metric: '' }] };
  }
}

/** Where the alert's pods run, as kube-state-metrics tells; none when it does not. */
async function nodesOf(
  client: Prometheus,
  about: About,
  window: Window,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const pods = podsOf(about) ?? podsOfService(about);
  if (pods === undefined) return [];
  const query = `count by (node) (last_over_time(kube_pod_info{${pods}}[1h]))`;
  const series = await client.instant(query, window.to, signal).catch(() => []);
  return series.flatMap(({ labels }) => labels['node'] ?? []);
}

/** Scopes that the series of the nearest one lead to. */
function learnedFrom(about: About, series: readonly Labels[], nodes: readonly string[]): readonly Scope[] {
  const seen = (name: string): readonly string[] => [...new Set(series.flatMap((labels) => labels[name] ?? []))];
  const on = [...new Set([...nodes, ...seen('node')])].filter((name) => name !== '').toSorted();
  const isHere = on.length > 0 && on.length <= MOST_MACHINES && !namesMachine(about);
  const [namespace, ...others] = seen('namespace');
  const isOne = namespace !== undefined && others.length === 0 && labelsOf(about)['namespace'] === undefined;
  return [...(isHere ? [machines(on)] : []), ...(isOne ? [matchersOf({ namespace })] : [])];
}

const TITLE = { 'zh-CN': '同时发生的变化', 'en-US': 'Changed around the start' } as const;

const told = (
  client: Prometheus,
  { metric, query, score, judged, before }: Found,
  about: About,
  window: Window,
): Finding =>
  seriesFinding(
    client,
    {
      title: `${TITLE[about.locale]} · ${readableLine(metric, 120)}`,
      query,
      unit: unitOf(metric),
      judged,
      before,
      window,
      relevance: 0.3 + 0.55 * score,
      most: 3,
    },
    about,
  );
