import { createHash, createHmac } from 'node:crypto';

/** Requests to build: `count` of them, numbered from `from`, so that two runs of one server need not repeat each other. */
export interface Workload {
  /**
   * `new`: every alert opens an incident of its own; `group`: each request is one group, so one incident; `repeat`: the
   * same alerts again and again, each delivery different by a byte that means nothing; `twice`: `distinct` new alerts,
   * the same once more, the next ones, and so on, so that the share of repeats is a half however long it runs.
   */
  readonly kind: 'new' | 'group' | 'repeat' | 'twice';
  readonly alerts: number;
  readonly count: number;
  readonly from?: number;
  /** Different requests of `repeat`, and in a round of `twice`. */
  readonly distinct?: number;
  /** All of them firing, unless it says otherwise. */
  readonly status?: 'firing' | 'resolved';
  /** A label `room` that names one of so many rooms, in turn. */
  readonly rooms?: number;
}

/** Ten thousand alerts that fire again and again, one a request: what senders send, most of it known already. */
export const recurring = (count: number): Workload => ({ kind: 'repeat', alerts: 1, count, distinct: 10_000 });

/** The secret that every server of the benchmark is given. */
export const SECRET = 'a-secret-of-the-benchmark';

/** Signed requests ready to be written to a socket. */
export const buildRequests = (path: string, workload: Workload): readonly Buffer[] =>
  Array.from({ length: workload.count }, (_, index) => requestOf(path, bodyOf(workload, index)));

function requestOf(path: string, body: string): Buffer {
  const signature = createHmac('sha256', SECRET).update(body).digest('hex');
  return Buffer.from(
    `POST ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\nuser-agent: Alertmanager/0.28\r\n` +
      `x-signature: ${signature}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}

/** A body as Alertmanager writes it, about 1 kB for one alert. */
export function bodyOf(
  { kind, alerts, from = 0, distinct = 1, status = 'firing', rooms }: Workload,
  index: number,
): string {
  const number = from + numberOf(kind, distinct, index);
  const name = `${kind === 'repeat' || kind === 'twice' ? 'Again' : 'Bench'}${number}`;
  const room: Record<string, string> = rooms === undefined ? {} : { room: `r${number % rooms}` };
  const groupLabels: Record<string, string> =
    kind === 'new' ? { cluster: 'prod-east' } : { alertname: name, cluster: 'prod-east' };
  const items = Array.from({ length: alerts }, (_, at) =>
    alertOf(kind === 'new' ? `${name}x${at}` : name, at, status, room),
  );
  return JSON.stringify({
    version: '4',
    groupKey: `{}:${JSON.stringify(groupLabels)}`,
    truncatedAlerts: 0,
    status,
    receiver: `zhiban-${process.pid}-${index}`,
    groupLabels,
    commonLabels: { cluster: 'prod-east', severity: 'warning', ...room },
    commonAnnotations: {},
    externalURL: 'http://alertmanager.example.com:9093',
    alerts: items,
  });
}

function numberOf(kind: Workload['kind'], distinct: number, index: number): number {
  if (kind === 'repeat') return index % distinct;
  return kind === 'twice' ? Math.floor(index / (2 * distinct)) * distinct + (index % distinct) : index;
}

const alertOf = (alertname: string, at: number, status: string, room: Record<string, string>) => ({
  status,
  labels: {
    alertname,
    cluster: 'prod-east',
    namespace: 'payments',
    service: 'checkout-api',
    pod: `checkout-api-7d9c5b7f4c-${at}`,
    instance: `10.2.${at % 250}.17:9100`,
    job: 'kubernetes-pods',
    severity: 'warning',
    ...room,
  },
  annotations: {
    summary: `CPU throttling of checkout-api-7d9c5b7f4c-${at} is above 25 %`,
    description: 'The container was throttled in 38 % of its periods over the last 15 minutes; limit 500m.',
    runbook_url: 'https://runbooks.example.com/cpu-throttling',
  },
  startsAt: '2026-11-22T01:00:00.000Z',
  endsAt: status === 'firing' ? '0001-01-01T00:00:00Z' : '2026-11-22T01:20:00.000Z',
  fingerprint: createHash('sha256').update(`${alertname} ${at}`).digest('hex').slice(0, 16),
  generatorURL: 'http://prometheus.example.com:9090/graph?g0.expr=rate%28throttled%5B5m%5D%29&g0.tab=1',
});
