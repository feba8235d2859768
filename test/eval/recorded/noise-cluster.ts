import type { EpochMs } from '../../../src/types.ts';
import type { Random } from '../../soak/random.ts';
import type { Scenario } from '../scenario.ts';
import { podOf } from './noise-series.ts';

type Item = Readonly<Record<string, unknown>>;

const PODS = 40;
const EVENTS = 60;

/** Pods that are well, of services that have no recorded pod; some were restarted days ago. */
export function noisePods(
  random: Random,
  scenario: Scenario,
  recorded: readonly string[],
  zero: EpochMs,
): readonly Item[] {
  const free = freeServices(scenario, recorded);
  if (free.length === 0) return [];
  return Array.from({ length: PODS }, () => {
    const service = random.pick(free);
    const startTime = new Date(zero - random.between(1, 40) * 86_400_000).toISOString();
    return {
      metadata: {
        name: podOf(random, service),
        namespace: random.pick(scenario.namespaces),
        creationTimestamp: startTime,
        labels: { app: service },
      },
      spec: {
        nodeName: `node-${random.between(1, 9)}`,
        containers: [
          { name: service, image: `registry.example/${service}:${random.between(1, 9)}.${random.between(0, 30)}` },
        ],
      },
      status: {
        phase: 'Running',
        startTime,
        containerStatuses: [
          {
            name: service,
            ready: true,
            restartCount: random.next() < 0.1 ? 1 : 0,
            state: { running: { startedAt: startTime } },
          },
        ],
      },
    };
  });
}

/** Whom the alert names has only what is recorded. */
function freeServices({ services, alert }: Scenario, recorded: readonly string[]): readonly string[] {
  const named = new Set(alert.flatMap(({ labels }) => Object.values(labels)));
  return services.filter((service) => !named.has(service) && !recorded.some((pod) => pod.startsWith(service)));
}

const KINDS = [
  ['Normal', 'Scheduled', 'Successfully assigned the pod to a node'],
  ['Normal', 'Pulled', 'Container image already present on machine'],
  ['Normal', 'ScalingReplicaSet', 'Scaled up replica set to 3'],
  ['Normal', 'SuccessfulRescale', 'New size: 4; reason: cpu resource utilization above target'],
  ['Normal', 'Completed', 'Job completed'],
  [
    'Warning',
    'Unhealthy',
    'Readiness probe failed: context deadline exceeded (Client.Timeout exceeded while awaiting headers)',
  ],
  ['Warning', 'BackOff', 'Back-off restarting failed container report in pod'],
  ['Warning', 'FailedGetResourceMetric', 'failed to get cpu utilization: did not receive metrics for any ready pods'],
] as const;

/** Events about pods of other services, one in five a warning of no consequence. */
export function noiseEvents(random: Random, scenario: Scenario, zero: EpochMs): readonly Item[] {
  const free = freeServices(scenario, []);
  if (free.length === 0) return [];
  return Array.from({ length: EVENTS }, (_, index) => {
    const [type, reason, message] = random.next() < 0.2 ? random.pick(KINDS.slice(5)) : random.pick(KINDS.slice(0, 5));
    const namespace = random.pick(scenario.namespaces);
    const name = podOf(random, random.pick(free));
    const at = zero - random.between(1, 58) * 60_000;
    return {
      metadata: { name: `${name}.${index}`, namespace },
      type,
      reason,
      message,
      count: random.between(1, 3),
      involvedObject: { kind: 'Pod', name, namespace },
      firstTimestamp: new Date(at - 60_000).toISOString(),
      lastTimestamp: new Date(at).toISOString(),
    };
  });
}
