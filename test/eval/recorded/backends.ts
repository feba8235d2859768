import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { EpochMs } from '../../../src/types.ts';
import { startKubernetes } from '../../simulators/kubernetes.ts';
import { type Served, serve } from '../../simulators/serve.ts';
import type { Backend, Scenario } from '../scenario.ts';
import { startRecordedAlertmanager } from './alertmanager.ts';
import { CLUSTER_TOKEN, clusterOf } from './cluster.ts';
import { startRecordedLogs } from './logs.ts';

export interface Backends {
  /** What the program is told, as its environment. */
  readonly environment: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

/**
 * Everything a scenario was recorded from, on the loopback: what it says fails answers 500 to every question.
 * `prometheus` is where the series of all scenarios are; without it there are no metrics.
 */
export async function startBackends(
  scenario: Scenario,
  zero: EpochMs,
  { folder, prometheus }: { readonly folder: string; readonly prometheus?: string | undefined },
): Promise<Backends> {
  const { failing, kubernetes, loki } = scenario.backends;
  const served: Served[] = [];
  const start = async (name: Backend, open: () => Promise<Served>): Promise<string> => {
    const one = failing.includes(name)
      ? await serve(() => ({ status: 500, body: 'internal error', type: 'text/plain' }))
      : await open();
    served.push(one);
    return one.url;
  };
  const logs = loki === undefined ? 'elasticsearch' : 'loki';
  const hasCluster = kubernetes !== undefined || failing.includes('kubernetes');
  const world = clusterOf(scenario, kubernetes ?? { pods: [], events: [], nodes: [], deployments: [], logs: {} }, zero);
  const metrics = failing.includes('prometheus') ? await start('prometheus', failingOnly) : prometheus;
  const environment = {
    [`${logs.toUpperCase()}_URL`]: await start(logs, () => startRecordedLogs(scenario, zero)),
    ALERTMANAGER_URL: await start('alertmanager', () => startRecordedAlertmanager(scenario, zero)),
    ...(hasCluster
      ? { KUBERNETES_API_URL: await start('kubernetes', () => startKubernetes(world)), KUBERNETES_TOKEN: CLUSTER_TOKEN }
      : {}),
    ...(metrics === undefined ? {} : { PROMETHEUS_URL: metrics }),
    RUNBOOKS_DIR: writeRunbooks(scenario, join(folder, 'runbooks')),
  };
  return { environment, close: async () => void (await Promise.all(served.map((one) => one.close()))) };
}

const failingOnly = (): Promise<Served> => Promise.reject(new Error('never opened'));

function writeRunbooks({ backends }: Scenario, folder: string): string {
  mkdirSync(folder, { recursive: true });
  for (const { file, text } of backends.runbooks) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  }
  return folder;
}
