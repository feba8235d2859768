import type { EpochMs } from '../../../src/types.ts';
import { startElasticsearch } from '../../simulators/elasticsearch.ts';
import { type LokiStream, startLoki } from '../../simulators/loki.ts';
import type { Served } from '../../simulators/serve.ts';
import type { Scenario } from '../scenario.ts';
import { LEAST_LINES, type Timed, noiseLines, statedLines } from './noise-lines.ts';

/** The log store of a scenario: Loki or Elasticsearch. Throws when it has too little noise. */
export async function startRecordedLogs(scenario: Scenario, zero: EpochMs): Promise<Served> {
  const lines = recordedLines(scenario);
  return scenario.backends.loki === undefined ? elasticsearch(lines, zero) : startLoki(streamsOf(lines, zero));
}

/** All lines of a scenario, the noise included, in no order. */
export function recordedLines(scenario: Scenario): readonly Timed[] {
  const noise = noiseLines(scenario);
  if (noise.length < LEAST_LINES) throw new Error(`${scenario.id}: only ${noise.length} irrelevant lines`);
  return [...statedLines(scenario), ...noise];
}

function streamsOf(lines: readonly Timed[], zero: EpochMs): readonly LokiStream[] {
  const streams = new Map<string, { labels: Timed['labels']; lines: { at: number; text: string }[] }>();
  for (const { labels, at, text } of lines) {
    const key = JSON.stringify(Object.entries(labels).toSorted(([a], [b]) => (a < b ? -1 : 1)));
    const stream = streams.get(key) ?? { labels, lines: [] };
    streams.set(key, stream);
    stream.lines.push({ at: zero + at * 60_000, text });
  }
  return [...streams.values()].map(({ labels, lines: of }) => ({ labels, lines: of.toSorted((a, b) => a.at - b.at) }));
}

/** As Filebeat names what Loki has as labels. */
const FIELDS: Readonly<Record<string, string>> = {
  namespace: 'kubernetes.namespace',
  app: 'kubernetes.labels.app',
  pod: 'kubernetes.pod.name',
  host: 'host.name',
  job: 'service.type',
  unit: 'systemd.unit',
};

const elasticsearch = async (lines: readonly Timed[], zero: EpochMs): Promise<Served> =>
  startElasticsearch({
    index: 'filebeat-8.15',
    mapping: {
      '@timestamp': 'date',
      message: 'text',
      ...Object.fromEntries(Object.values(FIELDS).map((name) => [name, 'keyword' as const])),
    },
    documents: lines.map(({ labels, at, text }) => ({
      '@timestamp': new Date(zero + at * 60_000).toISOString(),
      message: text,
      ...Object.fromEntries(Object.entries(labels).map(([name, value]) => [FIELDS[name] ?? name, value])),
    })),
  });
