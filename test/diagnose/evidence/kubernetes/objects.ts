import { MINUTE, START } from '../about.ts';

export const iso = (minutes: number): string => new Date(START + minutes * MINUTE).toISOString().replace('.000Z', 'Z');

type Json = Readonly<Record<string, unknown>>;

export const meta = (name: string, given: Json = {}): Json => ({
  metadata: { name, namespace: 'shop', creationTimestamp: iso(-20), ...given },
});

const owned = (kind: string, name: string): Json => ({ ownerReferences: [{ kind, name, controller: true }] });

/** A pod of the deployment `checkout` whose only container is called `app`. */
export function pod(
  name: string,
  status: Json,
  given: { readonly spec?: Json; readonly labels?: Json; readonly container?: Json } = {},
): Json {
  const set = name.replace(/-[a-z0-9]{5}$/, '');
  return {
    ...meta(name, { labels: given.labels ?? { app: 'checkout' }, ...owned('ReplicaSet', set) }),
    spec: {
      nodeName: 'node-1',
      containers: [{ name: 'app', image: 'registry/checkout:v2', ...given.container }],
      ...given.spec,
    },
    status: { phase: 'Running', ...status },
  };
}

export const healthy = (name: string): Json =>
  pod(name, {
    conditions: [{ type: 'Ready', status: 'True' }],
    containerStatuses: [{ name: 'app', ready: true, restartCount: 0, state: { running: { startedAt: iso(-19) } } }],
  });

export const oomKilled = (name: string): Json =>
  pod(
    name,
    {
      conditions: [
        {
          type: 'Ready',
          status: 'False',
          reason: 'ContainersNotReady',
          message: 'containers with unready status: [app]',
          lastTransitionTime: iso(-2),
        },
      ],
      containerStatuses: [
        {
          name: 'app',
          ready: false,
          restartCount: 7,
          state: { waiting: { reason: 'CrashLoopBackOff', message: 'back-off 5m0s restarting failed container=app' } },
          lastState: { terminated: { reason: 'OOMKilled', exitCode: 137, startedAt: iso(-3), finishedAt: iso(-2) } },
        },
      ],
    },
    {
      container: {
        resources: { requests: { memory: '128Mi' }, limits: { memory: '256Mi' } },
        ports: [{ containerPort: 80 }],
        livenessProbe: { httpGet: { path: '/healthz', port: 8080 }, timeoutSeconds: 2 },
      },
    },
  );

export const event = (name: string, reason: string, message: string, minutes: number, given: Json = {}): Json => ({
  ...meta(`${name}.${reason}.${minutes}`),
  type: 'Warning',
  reason,
  message,
  count: 3,
  firstTimestamp: iso(minutes - 5),
  lastTimestamp: iso(minutes),
  involvedObject: { kind: 'Pod', name, namespace: 'shop' },
  ...given,
});

export const replicaSet = (name: string, revision: number, minutes: number, container: Json): Json => ({
  ...meta(name, {
    creationTimestamp: iso(minutes),
    annotations: { 'deployment.kubernetes.io/revision': String(revision) },
    ...owned('Deployment', 'checkout'),
  }),
  spec: { template: { spec: { containers: [{ name: 'app', ...container }] } } },
});

export const deployment: Json = {
  ...meta('checkout'),
  spec: { replicas: 3 },
  status: {
    updatedReplicas: 3,
    readyReplicas: 1,
    conditions: [
      {
        type: 'Progressing',
        status: 'False',
        reason: 'ProgressDeadlineExceeded',
        message: 'has timed out progressing',
      },
    ],
  },
};
