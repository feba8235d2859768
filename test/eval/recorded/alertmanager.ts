import type { EpochMs } from '../../../src/types.ts';
import { createRandom } from '../../soak/random.ts';
import { type Served, serve } from '../../simulators/serve.ts';
import type { Scenario } from '../scenario.ts';

const IRRELEVANT = 20;
const NAMES = [
  'CertificateRenewalPending',
  'ImagePullSlow',
  'QueueDepthAboveUsual',
  'BackupOlderThanADay',
  'ReplicaCountBelowWanted',
];

interface Firing {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly startsAt: string;
}

/** Alertmanager's API as far as it lists alerts: those of the scenario, the others recorded, and irrelevant old ones. */
export async function startRecordedAlertmanager(scenario: Scenario, zero: EpochMs): Promise<Served> {
  const at = (minutes: number): string => new Date(zero + minutes * 60_000).toISOString();
  const own = scenario.alert.filter(({ status }) => status === 'firing');
  const recorded = [...own, ...scenario.backends.alertmanager].map(({ labels, annotations, startsAt }): Firing => ({
    labels,
    annotations,
    startsAt: at(startsAt),
  }));
  const alerts = [...recorded, ...irrelevant(scenario, at)].map(alertOf);
  return serve(({ path, query }) => {
    if (path === '/-/ready') return { body: 'OK', type: 'text/plain' };
    if (path !== '/api/v2/alerts') return { status: 404, body: 'not found', type: 'text/plain' };
    const filters = query.getAll('filter').map(matcherOf);
    return { body: alerts.filter(({ labels }) => filters.every((fits) => fits(labels))) };
  });
}

const alertOf = (firing: Firing, index: number) => ({
  ...firing,
  endsAt: new Date(Date.parse(firing.startsAt) + 86_400_000).toISOString(),
  updatedAt: firing.startsAt,
  fingerprint: (0x1000_0000 + index).toString(16).padStart(16, '0'),
  receivers: [{ name: 'chat' }],
  status: { state: 'active', silencedBy: [], inhibitedBy: [], mutedBy: [] },
  generatorURL: '',
});

/** They have fired for days or began within the hour, of services that the alert does not name. */
function irrelevant(
  { seed, services, namespaces, alert }: Scenario,
  at: (minutes: number) => string,
): readonly Firing[] {
  const random = createRandom(seed + 4);
  const named = new Set(alert.flatMap(({ labels }) => Object.values(labels)));
  const others = services.filter((service) => !named.has(service));
  return Array.from({ length: IRRELEVANT }, () => {
    const service = random.pick(others.length > 0 ? others : services);
    const labels = {
      alertname: random.pick(NAMES),
      severity: random.pick(['warning', 'info']),
      namespace: random.pick(namespaces),
      service,
    };
    return {
      labels,
      annotations: { summary: `${service}: as every week` },
      startsAt: at(-random.pick([25, 50, 700, 3000, 20_000])),
    };
  });
}

/** `name="value"`, `!=`, `=~`, `!~`, as the API takes them. */
function matcherOf(text: string): (labels: Firing['labels']) => boolean {
  const [, name = '', operator = '=', raw = ''] = /^\s*([a-zA-Z_]\w*)\s*(=~|!~|!=|=)\s*(.*)$/s.exec(text) ?? [];
  const value = raw.startsWith('"') ? String(JSON.parse(raw)) : raw;
  const fits = (actual: string): boolean =>
    operator.endsWith('~') ? new RegExp(`^(?:${value})$`).test(actual) : actual === value;
  return (labels) => fits(labels[name] ?? '') !== operator.startsWith('!');
}
