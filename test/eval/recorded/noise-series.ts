import { type Random, createRandom } from '../../soak/random.ts';
import type { RecordedSeries, Scenario } from '../scenario.ts';

/** What a scenario has at least of what does not matter. */
export const LEAST_SERIES = 200;
const MADE = 240;

/**
 * Series that have nothing to do with a scenario: of its own services, namespaces and kinds of metric, most of them
 * calm, some moving for reasons of their own, also shortly before the alert. None has the labels of a recorded one.
 */
export function noiseSeries(scenario: Scenario): readonly RecordedSeries[] {
  const random = createRandom(scenario.seed);
  const recorded = scenario.backends.prometheus;
  const taken = new Set(recorded.map(keyOf));
  const made: RecordedSeries[] = [];
  for (let turn = 0; made.length < MADE && turn < 20 * MADE; turn += 1) {
    const one = turn % 3 === 0 ? sibling(random, scenario) : usual(random, scenario);
    const key = keyOf(one);
    if (taken.has(key)) continue;
    taken.add(key);
    made.push(one);
  }
  return made;
}

const keyOf = ({ metric, labels }: RecordedSeries): string =>
  `${metric}${JSON.stringify(Object.entries(labels).toSorted(([a], [b]) => (a < b ? -1 : 1)))}`;

/** The metric of a recorded series as another service, pod or machine has it: about its level, and calm. */
function sibling(random: Random, scenario: Scenario): RecordedSeries {
  const { metric, labels, shape } = random.pick(scenario.backends.prometheus);
  const service = otherService(random, scenario);
  const namespace = random.pick(scenario.namespaces);
  const changed = Object.entries(labels).map(([name, value]) => [
    name,
    elsewhere(random, name, value, service, namespace),
  ]);
  const instance = { instance: address(random) };
  return { metric, labels: { ...Object.fromEntries(changed), ...instance }, shape: calm(random, shape) };
}

/** States stay what they are, times lie some weeks off, and everything else is about as high. */
function calm(random: Random, { base, noise }: RecordedSeries['shape']): RecordedSeries['shape'] {
  if (noise === 0 && (base === 0 || base === 1)) return { base, noise, events: [] };
  if (base > 1.5e9 && base < 2e9 && noise === 0)
    return { base: base + random.between(20, 90) * 86_400, noise, events: [] };
  return { base: base * (0.6 + 0.8 * random.next()), noise: Math.max(noise, 0.02), events: [] };
}

/** Whose name an alert has keeps its recorded series to itself, so that the story stays true. */
function otherService(random: Random, { services, alert }: Scenario): string {
  const named = new Set(alert.flatMap(({ labels }) => Object.values(labels)));
  const others = services.filter((service) => !named.has(service));
  return random.pick(others.length > 0 ? others : services);
}

function elsewhere(random: Random, name: string, value: string, service: string, namespace: string): string {
  if (name === 'namespace') return namespace;
  if (name === 'pod') return podOf(random, service);
  if (name === 'node' || name === 'instance' || name === 'host') return address(random);
  if (['service', 'app', 'container', 'job', 'deployment', 'name', 'application'].includes(name)) return service;
  return ['reason', 'phase', 'condition', 'le', 'quantile', 'resource'].includes(name) ? value : `${service}-${value}`;
}

interface Usual {
  readonly metric: string;
  readonly of: 'pod' | 'service' | 'machine';
  /** Level, and how much it differs from one to another. */
  readonly level: readonly [low: number, high: number];
  readonly counter?: true;
}

/** What any cluster has of any service. */
const USUAL: readonly Usual[] = [
  { metric: 'container_memory_working_set_bytes', of: 'pod', level: [8e7, 9e8] },
  { metric: 'container_cpu_usage_seconds_total', of: 'pod', level: [5e3, 9e4], counter: true },
  { metric: 'container_network_receive_bytes_total', of: 'pod', level: [1e9, 5e10], counter: true },
  { metric: 'kube_pod_container_status_restarts_total', of: 'pod', level: [0, 3] },
  { metric: 'kube_pod_status_ready', of: 'pod', level: [1, 1] },
  { metric: 'http_requests_total', of: 'service', level: [1e5, 4e7], counter: true },
  { metric: 'http_server_requests_seconds_count', of: 'service', level: [1e5, 4e7], counter: true },
  { metric: 'service:http_server_requests_seconds:p99', of: 'service', level: [0.03, 0.6] },
  { metric: 'hikaricp_connections_active', of: 'service', level: [1, 12] },
  { metric: 'jvm_threads_live_threads', of: 'service', level: [30, 180] },
  { metric: 'process_open_fds', of: 'service', level: [40, 400] },
  { metric: 'go_goroutines', of: 'service', level: [20, 900] },
  { metric: 'up', of: 'service', level: [1, 1] },
  { metric: 'node_load5', of: 'machine', level: [0.3, 6] },
  { metric: 'node_memory_MemAvailable_bytes', of: 'machine', level: [4e9, 4e10] },
  { metric: 'node_filesystem_avail_bytes', of: 'machine', level: [2e10, 4e11] },
  { metric: 'node_network_transmit_bytes_total', of: 'machine', level: [1e10, 9e12], counter: true },
];

function usual(random: Random, scenario: Scenario): RecordedSeries {
  const { metric, of, level, counter } = random.pick(USUAL);
  const [low, high] = level;
  const base = low === high ? low : low * (high / Math.max(low, 1e-9)) ** random.next();
  const labels = labelsFor(random, scenario, of);
  if (metric.includes('restarts'))
    return { metric, labels, shape: course(random, random.between(low, high), false, true) };
  return { metric, labels, shape: course(random, base, counter === true, low === high) };
}

function labelsFor(random: Random, scenario: Scenario, of: Usual['of']): Record<string, string> {
  if (of === 'machine') return { job: 'node-exporter', instance: `${address(random)}:9100` };
  const service = otherService(random, scenario);
  const namespace = random.pick(scenario.namespaces);
  if (of === 'pod') return { namespace, pod: podOf(random, service), container: service };
  return { namespace, service, job: service, instance: `${address(random)}:${random.pick([8080, 9090, 9102])}` };
}

/** Two in three are calm; the rest step, climb or peak at any time of the hour, the minutes before the alert included. */
function course(random: Random, base: number, counter: boolean, constant: boolean): RecordedSeries['shape'] {
  if (constant) return { base, noise: 0, events: [] };
  if (counter) {
    const to = base * (1 + 0.02 * random.next()) + 10;
    return { base, noise: 0, events: [{ at: -90, kind: 'ramp', to, over: 93 }] };
  }
  const noise = 0.01 + 0.1 * random.next();
  if (base === 0 || random.next() < 0.66) return { base, noise, events: [] };
  const at = -random.between(1, 55);
  const kind = random.pick(['step', 'ramp', 'spike'] as const);
  const to = base * random.pick([0.55, 0.7, 1.3, 1.6, 2]);
  return { base, noise, events: [{ at, kind, to, over: kind === 'spike' ? 4 : 10 }] };
}

export const podOf = (random: Random, service: string): string =>
  `${service}-${random.between(0x100000, 0xffffff).toString(16)}-${random.between(0x1000, 0xfffff).toString(16)}`;

const address = (random: Random): string =>
  `10.${random.between(0, 9)}.${random.between(0, 250)}.${random.between(2, 250)}`;
