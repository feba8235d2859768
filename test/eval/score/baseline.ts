import type { Evidence } from '../../../src/diagnose/diagnosis.ts';
import { estimateTokens } from '../../../src/diagnose/providers/estimate.ts';
import { createRandom } from '../../soak/random.ts';
import { clusterOf } from '../recorded/cluster.ts';
import { recordedLines } from '../recorded/logs.ts';
import { noiseSeries } from '../recorded/noise-series.ts';
import { valueAt } from '../recorded/shape.ts';
import type { Scenario } from '../scenario.ts';
import { zeroOf } from '../zero.ts';

/** What the program gives the evidence of one diagnosis. */
export const BUDGET_TOKENS = 12_000;

/** Parts of the budget; what changes and the cluster leave goes to the logs. */
const SHARES = { alert: 0.08, changes: 0.1, cluster: 0.22, metrics: 0.25 } as const;

/**
 * What somebody gets who takes the newest of everything until the budget is full: changes, events and objects of the
 * cluster, the last values of the series in the order in which a server lists them, and the newest lines of the
 * alert's namespace. It asks the same back ends, the failing ones not.
 */
export function baselineOf(scenario: Scenario): readonly Pick<Evidence, 'title' | 'text'>[] {
  const parts = {
    alert: alertLines(scenario),
    changes: changeLines(scenario),
    cluster: clusterLines(scenario),
    metrics: metricLines(scenario),
  };
  let left = BUDGET_TOKENS;
  const taken = Object.entries(SHARES).map(([name, share]) => {
    const text = newest(parts[name as keyof typeof parts], BUDGET_TOKENS * share);
    left -= estimateTokens(text);
    return { title: name, text };
  });
  return [...taken, { title: 'logs', text: newest(logLines(scenario), left) }];
}

function newest(lines: readonly string[], tokens: number): string {
  const kept: string[] = [];
  let left = tokens;
  for (const line of lines) {
    left -= estimateTokens(`${line}\n`);
    if (left < 0) break;
    kept.push(line);
  }
  return kept.join('\n');
}

const alertLines = ({ alert }: Scenario): readonly string[] =>
  alert.map(({ labels, annotations, generatorExpr = '' }) => JSON.stringify({ labels, annotations, generatorExpr }));

const changeLines = ({ backends }: Scenario): readonly string[] =>
  backends.changes.toSorted((a, b) => b.at - a.at).map((change) => JSON.stringify(change));

function clusterLines(scenario: Scenario): readonly string[] {
  const { kubernetes, failing } = scenario.backends;
  if (kubernetes === undefined || failing.includes('kubernetes')) return [];
  const { objects, logs = {} } = clusterOf(scenario, kubernetes, zeroOf(scenario));
  const events = (objects['events'] ?? []).toSorted((a, b) => timeOf(b).localeCompare(timeOf(a)));
  const others = Object.entries(objects).flatMap(([kind, list]) => (kind === 'events' ? [] : list));
  return [
    ...Object.values(logs).flatMap((text) => text.split('\n').toReversed()),
    ...[...events, ...others].map((one) => JSON.stringify(one)),
  ];
}

const timeOf = (event: unknown): string =>
  typeof event === 'object' && event !== null && 'lastTimestamp' in event ? String(event.lastTimestamp) : '';

function metricLines(scenario: Scenario): readonly string[] {
  const { prometheus, failing } = scenario.backends;
  if (failing.includes('prometheus')) return [];
  const random = createRandom(scenario.seed);
  return [...prometheus, ...noiseSeries(scenario)]
    .map(({ metric, labels, shape }) => {
      const named = Object.entries(labels).map(([name, value]) => `${name}="${value}"`);
      return `${metric}{${named.join(',')}} ${valueAt(shape, 1, random).toPrecision(5)}`;
    })
    .toSorted();
}

function logLines(scenario: Scenario): readonly string[] {
  const { failing, loki } = scenario.backends;
  if (failing.includes(loki === undefined ? 'elasticsearch' : 'loki')) return [];
  const lines = recordedLines(scenario);
  const namespaces = new Set(scenario.alert.map(({ labels }) => labels['namespace']));
  const own = lines.filter(({ labels }) => namespaces.has(labels['namespace'] ?? ''));
  return (own.length > 0 ? own : lines).toSorted((a, b) => b.at - a.at).map(({ text }) => text);
}
