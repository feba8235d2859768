import type { EpochMs, Labels } from '../../src/types.ts';

export interface Sent {
  readonly labels: Labels;
  readonly annotations?: Labels;
  readonly startsAt: EpochMs;
  readonly endsAt?: EpochMs;
  readonly generatorExpr?: string | undefined;
}

/** What Alertmanager (version 4) posts about alerts of one group. */
export function webhookOf(alerts: readonly Sent[]): object {
  const common = commonOf(alerts.map(({ labels }) => labels));
  const grouped = common['alertname'];
  const firing = alerts.some(({ endsAt }) => endsAt === undefined);
  return {
    version: '4',
    groupKey: `{}:{alertname="${grouped ?? ''}"}`,
    truncatedAlerts: 0,
    status: firing ? 'firing' : 'resolved',
    receiver: 'zhiban',
    groupLabels: grouped === undefined ? {} : { alertname: grouped },
    commonLabels: common,
    commonAnnotations: {},
    externalURL: 'http://alertmanager.example:9093',
    alerts: alerts.map(alertOf),
  };
}

const alertOf = ({ labels, annotations = {}, startsAt, endsAt, generatorExpr }: Sent) => ({
  status: endsAt === undefined ? 'firing' : 'resolved',
  labels,
  annotations,
  startsAt: new Date(startsAt).toISOString(),
  endsAt: endsAt === undefined ? '0001-01-01T00:00:00Z' : new Date(endsAt).toISOString(),
  generatorURL:
    generatorExpr === undefined
      ? ''
      : `http://prometheus.example:9090/graph?g0.expr=${encodeURIComponent(generatorExpr)}&g0.tab=1`,
});

const commonOf = (all: readonly Labels[]): Labels =>
  Object.fromEntries(
    Object.entries(all[0] ?? {}).filter(([name, value]) => all.every((labels) => labels[name] === value)),
  );
