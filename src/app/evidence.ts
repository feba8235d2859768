import { readFileSync } from 'node:fs';
import type { Config } from '../config.ts';
import { createAlertmanager } from '../diagnose/evidence/alertmanager/alertmanager.ts';
import { type RecentChanges, createChangesSource } from '../diagnose/evidence/changes.ts';
import { createCollector } from '../diagnose/evidence/collect.ts';
import { createElasticsearch, elasticsearchPlace } from '../diagnose/evidence/elasticsearch/elasticsearch.ts';
import { type Reader, createReader } from '../diagnose/evidence/http.ts';
import { createKubernetes } from '../diagnose/evidence/kubernetes/kubernetes.ts';
import { createLoki } from '../diagnose/evidence/loki/loki.ts';
import { type ParsedServers, parseMcpServers } from '../diagnose/evidence/mcp/config.ts';
import { createMcpSource } from '../diagnose/evidence/mcp/source.ts';
import { createProbe } from '../diagnose/evidence/probe/probe.ts';
import { createPrometheus } from '../diagnose/evidence/prometheus/prometheus.ts';
import type { Runbooks } from '../diagnose/evidence/runbooks/runbooks.ts';
import { createRunbooksSource } from '../diagnose/evidence/runbooks/source.ts';
import type { EvidenceSource } from '../diagnose/evidence/source.ts';
import { InvalidConfig } from '../errors.ts';
import type { Log } from '../telemetry/log.ts';
import type { Edges } from '../types.ts';
import type { Secrets } from './secrets.ts';
import { createTokenFile } from './token-file.ts';

/** What sources at configured addresses need. */
export interface SourcesDeps {
  readonly config: Config;
  readonly edges: Edges;
  readonly secrets: Pick<Secrets, 'keep'>;
}

export interface EvidenceDeps extends SourcesDeps {
  readonly log: Log;
  readonly changes: RecentChanges;
  readonly runbooks: Runbooks;
  readonly mcp: ParsedServers;
}

/** Of all sources together, ms: a card waits for its diagnosis so long at most, and shows the label rules meanwhile. */
const DEADLINE_MS = 20_000;
/** Of one question, ms. */
const QUESTION_MS = 8000;

/** Every place that the configuration names to look things up, asked together. Throws `InvalidConfig` for one that cannot be asked. */
export function createEvidence(deps: EvidenceDeps) {
  const { edges, log, config } = deps;
  const mcp = deps.mcp.servers.map((server) => createMcpSource({ server, ...edges }));
  const sources: readonly EvidenceSource[] = [
    createChangesSource(deps),
    ...remoteSources(deps),
    ...(config.PROBE_HOSTS.length === 0 ? [] : [createProbe({ hosts: config.PROBE_HOSTS, clock: edges.clock })]),
    createRunbooksSource(deps),
    ...mcp,
  ];
  const { collect } = createCollector({ sources, clock: edges.clock, log, deadlineMs: DEADLINE_MS });
  return {
    collect,
    sources,
    mcp,
    close: async (): Promise<void> => {
      await Promise.all(mcp.map((source) => source.close()));
    },
  };
}

/** Those at addresses of their own, but for MCP servers. Throws `InvalidConfig` for one that cannot be asked. */
export const remoteSources = (deps: SourcesDeps): readonly EvidenceSource[] => [
  ...monitoring(deps.config, deps.edges),
  ...logs(deps.config, deps.edges),
  ...cluster(deps),
];

type Named = 'PROMETHEUS' | 'ALERTMANAGER' | 'LOKI' | 'ELASTICSEARCH';

function readerOf(config: Config, { fetch }: Edges, name: Named, base = config[`${name}_URL`]): Reader | undefined {
  const headers = config[`${name}_HEADERS`];
  return base === undefined
    ? undefined
    : createReader({ name: name.toLowerCase(), base, headers, fetch, timeoutMs: QUESTION_MS });
}

function monitoring(config: Config, edges: Edges): readonly EvidenceSource[] {
  const prometheus = readerOf(config, edges, 'PROMETHEUS');
  const alertmanager = readerOf(config, edges, 'ALERTMANAGER');
  return [
    ...(prometheus === undefined ? [] : [createPrometheus({ reader: prometheus })]),
    ...(alertmanager === undefined ? [] : [createAlertmanager({ reader: alertmanager })]),
  ];
}

function logs(config: Config, edges: Edges): readonly EvidenceSource[] {
  const loki = readerOf(config, edges, 'LOKI');
  const { ELASTICSEARCH_URL: address } = config;
  const { base, ...indices } = address === undefined ? {} : elasticsearchPlace(address);
  const elasticsearch = readerOf(config, edges, 'ELASTICSEARCH', base);
  return [
    ...(loki === undefined ? [] : [createLoki({ reader: loki })]),
    ...(elasticsearch === undefined ? [] : [createElasticsearch({ reader: elasticsearch, ...indices })]),
  ];
}

function cluster({ config, edges: { clock, fetch }, secrets }: SourcesDeps): readonly EvidenceSource[] {
  const { KUBERNETES_API_URL: base, KUBERNETES_TOKEN: token, KUBERNETES_CA_FILE: caFile, KUBERNETES_HEADERS } = config;
  if (base === undefined) return [];
  const headers = { ...KUBERNETES_HEADERS, ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }) };
  const path = config.files['KUBERNETES_TOKEN'];
  const onTokens = (tokens: readonly string[]): void => secrets.keep('kubernetes', tokens);
  const rotating =
    token === undefined || path === undefined ? {} : { rotating: createTokenFile({ path, token, clock, onTokens }) };
  const settings = { url: 'KUBERNETES_API_URL', credentials: 'KUBERNETES_TOKEN' };
  const trusting = caFile === undefined ? fetch : fetchTrusting(readCa(caFile));
  return [
    createKubernetes({
      reader: createReader({
        name: 'kubernetes',
        base,
        headers,
        ...rotating,
        fetch: trusting,
        timeoutMs: QUESTION_MS,
        settings,
      }),
    }),
  ];
}

function readCa(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    throw new InvalidConfig(`KUBERNETES_CA_FILE names a file that cannot be read: ${file}`);
  }
}

/** A cluster's API has a certificate of its own authority, which nothing else is to trust. */
function fetchTrusting(ca: string): typeof fetch {
  let opened: Promise<typeof fetch> | undefined;
  const open = async (): Promise<typeof fetch> => {
    const { Agent, fetch: ask } = await import('undici');
    const dispatcher = new Agent({ connect: { ca } });
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the same interface, declared by two packages
    return ((url: string, init: object) => ask(url, { ...init, dispatcher })) as unknown as typeof fetch;
  };
  return async (input, init) => (await (opened ??= open()))(input, init);
}

/** The servers of `MCP_SERVERS`, read before anything is logged, since there are secrets in it. */
export function readMcp({ MCP_SERVERS: text }: Config): ParsedServers {
  if (text === undefined) return { servers: [], faults: [], secrets: [] };
  const parsed = parseMcpServers(text, (path) => readFileSync(path, 'utf8'));
  if (parsed.faults.length === 0) return parsed;
  throw new InvalidConfig(
    `The configuration cannot be used:\n${parsed.faults.map((fault) => `  - ${fault}`).join('\n')}`,
  );
}
