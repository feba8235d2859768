import type { EpochMs } from '../../../types.ts';
import type { About } from '../source.ts';
import type { Firing } from './firing.ts';

/** Alerts of one name, and what they have in common with the incident. */
export interface Kin {
  readonly name: string;
  /** Nearest first. */
  readonly alerts: readonly Firing[];
  /** `namespace="shop"`: label and value that the nearest of them shares with us. */
  readonly shared: readonly { readonly name: string; readonly value: string }[];
  readonly weight: number;
  /** When the first of them began. */
  readonly since: EpochMs;
}

/** How much it says that two alerts have this label in common. */
const WEIGHTS: Readonly<Record<string, number>> = {
  pod: 4,
  deployment: 4,
  statefulset: 4,
  consumergroup: 4,
  queue: 4,
  topic: 4,
  persistentvolumeclaim: 4,
  service: 3,
  app: 3,
  application: 3,
  instance: 3,
  node: 3,
  host: 3,
  hostname: 3,
  namespace: 2,
  job: 1.5,
  team: 1,
  cluster: 1,
  region: 0.5,
  zone: 1,
  env: 0.5,
};
/** Labels of what speaks for others: two alerts out of one exporter have nothing in common. */
const SPEAKS_FOR_OTHERS = /kube-state|exporter|cadvisor|kubelet|prometheus/i;
const HOUR_MS = 3_600_000;

/** The incident's labels that others may share, most telling first. */
export function sharable({
  facts: { alerts, incident },
}: About): readonly { name: string; value: string; weight: number }[] {
  const labels = alerts[0]?.labels ?? incident.labels;
  return Object.entries(labels)
    .map(([name, value]) => ({ name, value, weight: weightOf(name, value, labels) }))
    .filter(({ value, weight }) => weight > 0 && value !== '')
    .toSorted((a, b) => b.weight - a.weight || (a.name < b.name ? -1 : 1));
}

function weightOf(name: string, value: string, labels: Readonly<Record<string, string>>): number {
  const weight = WEIGHTS[name] ?? 0;
  if (SPEAKS_FOR_OTHERS.test(value)) return 0;
  return name === 'instance' && SPEAKS_FOR_OTHERS.test(labels['job'] ?? '') && labels['pod'] !== undefined ? 0 : weight;
}

export function kinOf(name: string, alerts: readonly Firing[], about: About): Kin {
  const ours = sharable(about);
  const judged = alerts
    .map((alert) => {
      const shared = ours.filter((label) => alert.labels[label.name] === label.value);
      return { alert, shared, weight: shared.reduce((sum, { weight }) => sum + weight, 0) };
    })
    .toSorted((a, b) => b.weight - a.weight || a.alert.startsAt - b.alert.startsAt);
  return {
    name,
    alerts: judged.map(({ alert }) => alert),
    shared: judged[0]?.shared ?? [],
    weight: judged[0]?.weight ?? 0,
    since: Math.min(...alerts.map(({ startsAt }) => startsAt)),
  };
}

/** What began in the hour before us may be why; what is older was there without us; what is later may be of us. */
export function rankOf({ weight, since }: Kin, { startedAt }: About): number {
  const before = startedAt - since;
  const timely = before >= -60_000 && before <= HOUR_MS ? 1.5 : 0;
  const after = before < -60_000 && before >= -HOUR_MS ? 0.75 : 0;
  return weight === 0 ? 0 : weight + timely + after;
}
