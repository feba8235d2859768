import { afterEach, describe, expect, it } from 'vitest';
import { createReader } from '../../../../src/diagnose/evidence/http.ts';
import { createKubernetes } from '../../../../src/diagnose/evidence/kubernetes/kubernetes.ts';
import type { KubernetesQuestion } from '../../../../src/diagnose/evidence/plan.ts';
import type { Finding } from '../../../../src/diagnose/evidence/source.ts';
import { type KubernetesSimulator, type KubernetesWorld, startKubernetes } from '../../../simulators/kubernetes.ts';
import { aboutLabels, soon } from '../about.ts';
import { deployment, event, healthy, iso, meta, oomKilled, pod, replicaSet } from './objects.ts';

const NAME = 'checkout-7d9f8b6c5-x2x4q';
const open: KubernetesSimulator[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

async function clusterWith(world: Partial<KubernetesWorld>, timeoutMs = 60_000, token = 'read-only') {
  const simulator = await startKubernetes({ token: 'read-only', objects: {}, ...world });
  open.push(simulator);
  const reader = createReader({
    name: 'kubernetes',
    base: simulator.url,
    headers: { authorization: `Bearer ${token}` },
    settings: { url: 'KUBERNETES_API_URL', credentials: 'KUBERNETES_TOKEN' },
    fetch,
    timeoutMs,
  });
  return { simulator, kubernetes: createKubernetes({ reader }) };
}

const planned = (kubernetes: readonly KubernetesQuestion[]) => ({ plan: { kubernetes } });
const ask = async (
  world: Partial<KubernetesWorld>,
  labels: Readonly<Record<string, string>>,
  kubernetes: readonly KubernetesQuestion[] = [],
) => (await clusterWith(world)).kubernetes.collect(aboutLabels(labels, planned(kubernetes)), soon());
const about = (findings: readonly Finding[], title: string): Finding | undefined =>
  findings.find((each) => each.title.includes(title));

describe('a pod that is killed for its memory', () => {
  const world = {
    objects: {
      pods: [healthy('checkout-7d9f8b6c5-aaaaa'), oomKilled(NAME)],
      events: [
        event(NAME, 'BackOff', 'Back-off restarting failed container app', -1),
        event(NAME, 'BackOff', 'Back-off restarting failed container app', 0),
        event('web-1', 'FailedMount', 'MountVolume.SetUp failed for volume "x"', -3),
        event('old-1', 'Failed', 'long ago', -600),
      ],
      replicasets: [
        replicaSet('checkout-7d9f8b6c5', 5, -20, {
          image: 'registry/checkout:v2',
          env: [
            { name: 'POOL', value: '90' },
            { name: 'DB_PASSWORD', value: 'new-hidden' },
          ],
        }),
        replicaSet('checkout-5c8d7f9a1', 4, -9000, {
          image: 'registry/checkout:v1',
          env: [
            { name: 'POOL', value: '10' },
            { name: 'DB_PASSWORD', value: 'old-hidden' },
          ],
        }),
      ],
      deployments: [deployment],
    },
    logs: {
      [`shop/${NAME}/app/previous`]: [
        `${iso(-4)} INFO starting`,
        `${iso(-3)} ERROR cannot load model: java.lang.OutOfMemoryError: Java heap space`,
        `${iso(-2)} INFO shutting down`,
      ].join('\n'),
    },
  };

  it('is described with the words and numbers of the API', async () => {
    const findings = await ask(world, { namespace: 'shop', pod: NAME });
    const found = about(findings, `Pod shop/${NAME}`);
    expect(found).toMatchObject({
      source: 'kubernetes',
      title: `Pod shop/${NAME} · CrashLoopBackOff`,
      relevance: 0.95,
    });
    for (const words of [
      'node node-1',
      'Ready=False · ContainersNotReady',
      'waiting CrashLoopBackOff: back-off 5m0s restarting failed container=app',
      '7 restarts',
      `last end OOMKilled, exit code 137, ${iso(-2)} (2 min before the start), lived 1 min`,
      'image registry/checkout:v2',
      'limits memory=256Mi',
      'livenessProbe GET :8080/healthz (timeout 2s period 10s delay 0s failures 3)',
      'ports 80',
    ]) {
      expect(found?.text).toContain(words);
    }
  });

  it('is told with its events, its last log and the rollout before it', async () => {
    const findings = await ask(world, { namespace: 'shop', pod: NAME });
    expect(about(findings, `Events of shop/${NAME}`)?.text).toBe(
      `×6 Warning BackOff Pod/${NAME}: Back-off restarting failed container app (first ${iso(-6)}, last ${iso(0)})`,
    );
    expect(about(findings, 'Other events')?.text).toContain('FailedMount Pod/web-1');
    expect(findings.map(({ text }) => text).join()).not.toContain('long ago');
    const log = about(findings, 'Log before the exit');
    expect(log?.query).toBe(`kubectl -n shop logs ${NAME} -c app --previous --tail=100`);
    expect(log?.text.split('\n')[1]).toBe('> ERROR cannot load model: java.lang.OutOfMemoryError: Java heap space');
    const rollout = about(findings, 'rolled out');
    expect(rollout?.title).toBe('shop/checkout was rolled out 20 min before the start');
    expect(rollout?.text).toContain('image registry/checkout:v1 → registry/checkout:v2');
    expect(rollout?.text).toContain('env POOL 10 → 90');
    expect(rollout?.text).toContain('env DB_PASSWORD changed');
    expect(rollout?.text).toContain('3 replicas wanted, 3 updated, 1 ready');
    expect(rollout?.text).toContain('ProgressDeadlineExceeded');
    expect(JSON.stringify(findings)).not.toContain('hidden');
  });

  it('is found by its workload, the unhealthy first', async () => {
    for (const labels of [
      { namespace: 'shop', deployment: 'checkout' },
      { namespace: 'shop', service: 'checkout' },
      { namespace: 'shop' },
    ]) {
      const findings = await ask(world, labels);
      const pods = findings.filter(({ title }) => title.startsWith('Pod shop/'));
      expect(pods.map(({ title }) => title)).toEqual([`Pod shop/${NAME} · CrashLoopBackOff`]);
    }
    expect(about(await ask(world, { namespace: 'shop', service: 'checkout' }), 'Pods of')?.text).toBe(
      '2 pods of checkout, 1 of them not well',
    );
  });

  it('is told in Chinese too', async () => {
    const { kubernetes } = await clusterWith(world);
    const findings = await kubernetes.collect(
      { ...aboutLabels({ namespace: 'shop', pod: NAME }), locale: 'zh-CN' },
      soon(),
    );
    expect(about(findings, `Pod shop/${NAME}`)?.text).toContain('重启 7 次；上次退出 OOMKilled, exit code 137');
    expect(about(findings, '发布过')?.title).toBe('shop/checkout 在故障开始前 20 分发布过');
  });

  it('when gone is said to be gone, and its siblings are looked at', async () => {
    const findings = await ask(world, { namespace: 'shop', pod: 'checkout-7d9f8b6c5-zzzzz' });
    expect(about(findings, 'no longer exists')?.text).toContain('2 pods of checkout, 1 of them not well');
    expect(about(findings, `Pod shop/${NAME}`)).toBeDefined();
  });

  it('is asked for once per question and with reading verbs only', async () => {
    const { kubernetes, simulator } = await clusterWith(world);
    await kubernetes.collect(aboutLabels({ namespace: 'shop', pod: NAME }), soon());
    // Of them three are about the pod's machine, and one about who names it elsewhere.
    expect(simulator.asked.length).toBeLessThanOrEqual(11);
    expect(new Set(simulator.asked.map(({ method }) => method))).toEqual(new Set(['GET']));
  });
});

describe('what happened around a pod', () => {
  const onNode = {
    ...oomKilled(NAME),
    spec: { nodeName: 'worker-3', containers: [{ name: 'app', image: 'shop/checkout:1' }] },
  };
  const killed = event('worker-3', 'OOMKilling', 'Memory cgroup out of memory: Killed process 8812 (java)', -2, {
    involvedObject: { kind: 'Node', name: 'worker-3' },
    metadata: { name: 'worker-3.oom', namespace: 'default' },
  });

  it('on its machine is told when it is not well, also when machines may not be read', async () => {
    const findings = await ask({ objects: { pods: [onNode], events: [killed] } }, { namespace: 'shop', pod: NAME }, [
      'pod',
      'events',
    ]);
    expect(about(findings, 'Events of worker-3')?.text).toContain('Killed process 8812');
    expect(about(findings, 'Node worker-3')).toBeUndefined();
  });

  it('on its machine is nobody’s business when it is well', async () => {
    const well = { ...healthy(NAME), spec: { nodeName: 'worker-3', containers: [{ name: 'app', image: 'x' }] } };
    const findings = await ask({ objects: { pods: [well], events: [killed] } }, { namespace: 'shop', pod: NAME });
    expect(about(findings, 'Events of worker-3')).toBeUndefined();
  });

  it('to what is called after the service stands before what happened to others', async () => {
    const others = Array.from({ length: 20 }, (_, at) =>
      event(`zeta-${String.fromCodePoint(97 + at)}`, 'Unhealthy', 'Readiness probe failed', 0),
    );
    const own = event('checkout-57c8f6f9c8', 'FailedCreate', 'exceeded quota: compute', -20, {
      involvedObject: { kind: 'ReplicaSet', name: 'checkout-57c8f6f9c8', namespace: 'shop' },
    });
    const findings = await ask({ objects: { events: [...others, own] } }, { namespace: 'shop', service: 'checkout' });
    expect(about(findings, 'Other events')?.text.split('\n')[0]).toContain('ReplicaSet/checkout-57c8f6f9c8');
  });

  it('in other namespaces is told where a warning names the service', async () => {
    const elsewhere = (name: string, message: string) =>
      event(name, 'FailedCreate', message, -1, {
        involvedObject: { kind: 'ReplicaSet', name, namespace: 'billing' },
        metadata: { name: `${name}.x`, namespace: 'billing' },
      });
    const refused = 'failed calling webhook: Post "https://checkout.shop.svc:443/validate": connection refused';
    const events = [elsewhere('ledger-1', refused), elsewhere('ledger-2', 'checkout-gateway is not reachable')];
    const findings = await ask(
      { objects: { pods: [healthy(NAME)], events } },
      { namespace: 'shop', service: 'checkout' },
    );
    const found = about(findings, 'Events of other namespaces that name it');
    expect(found?.text).toContain('https://checkout.shop.svc:443/validate');
    expect(found?.text).not.toContain('checkout-gateway');
  });
});

describe('what else the plan asks', () => {
  it('pending pods say why no node takes them', async () => {
    const message = '0/4 nodes are available: 4 Insufficient nvidia.com/gpu.';
    const waiting = pod(
      NAME,
      { phase: 'Pending', conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message }] },
      { spec: { nodeName: undefined, nodeSelector: { gpu: 'a100' } } },
    );
    const found = about(await ask({ objects: { pods: [waiting] } }, { namespace: 'shop', pod: NAME }), 'Pod shop');
    expect(found?.title).toContain('Unschedulable');
    expect(found?.text).toContain(message);
    expect(found?.text).toContain('nodeSelector gpu=a100');
    expect(found?.text).toContain('no node yet');
  });

  it('a node in trouble, by name or address', async () => {
    const node = {
      metadata: { name: 'node-1' },
      spec: { taints: [{ key: 'node.kubernetes.io/disk-pressure', effect: 'NoSchedule' }] },
      status: {
        addresses: [{ type: 'InternalIP', address: '10.0.0.7' }],
        conditions: [
          { type: 'Ready', status: 'True' },
          { type: 'MemoryPressure', status: 'False' },
          {
            type: 'DiskPressure',
            status: 'True',
            reason: 'KubeletHasDiskPressure',
            message: 'kubelet has disk pressure',
            lastTransitionTime: iso(-6),
          },
        ],
        allocatable: { cpu: '4' },
      },
    };
    for (const host of ['node-1', '10.0.0.7:9100']) {
      const found = about(await ask({ objects: { nodes: [node] } }, { instance: host }, ['node']), 'Node node-1');
      expect(found).toMatchObject({ title: 'Node node-1 · DiskPressure', relevance: 0.95 });
      expect(found?.text).toContain(
        `DiskPressure=True · KubeletHasDiskPressure · kubelet has disk pressure · since ${iso(-6)} (6 min before the start)`,
      );
      expect(found?.text).toContain('taints node.kubernetes.io/disk-pressure:NoSchedule');
    }
  });

  it('claims, autoscalers, jobs and services', async () => {
    const objects = {
      pods: [
        pod(
          NAME,
          {},
          {
            spec: { volumes: [{ persistentVolumeClaim: { claimName: 'data' } }] },
            labels: { app: 'checkout', version: 'v1' },
          },
        ),
        {
          ...pod(
            'backup-1-abcde',
            {
              phase: 'Failed',
              containerStatuses: [
                {
                  name: 'app',
                  ready: false,
                  restartCount: 0,
                  state: { terminated: { exitCode: 2, reason: 'Error', finishedAt: iso(-1), startedAt: iso(-2) } },
                },
              ],
            },
            { labels: { 'job-name': 'backup-1' } },
          ),
        },
      ],
      persistentvolumeclaims: [
        {
          ...meta('data'),
          spec: { storageClassName: 'fast', resources: { requests: { storage: '10Gi' } } },
          status: { phase: 'Pending' },
        },
      ],
      horizontalpodautoscalers: [
        {
          ...meta('checkout'),
          spec: {
            maxReplicas: 10,
            scaleTargetRef: { name: 'checkout' },
            metrics: [{ type: 'Resource', resource: { name: 'cpu', target: { averageUtilization: 70 } } }],
          },
          status: {
            currentReplicas: 10,
            desiredReplicas: 10,
            currentMetrics: [{ type: 'Resource', resource: { name: 'cpu', current: { averageUtilization: 97 } } }],
            conditions: [
              { type: 'ScalingLimited', status: 'True', reason: 'TooManyReplicas', message: 'more than the maximum' },
            ],
          },
        },
      ],
      jobs: [
        {
          ...meta('backup-1', { ownerReferences: [{ kind: 'CronJob', name: 'backup' }] }),
          spec: { backoffLimit: 3 },
          status: {
            failed: 4,
            startTime: iso(-9),
            conditions: [
              {
                type: 'Failed',
                status: 'True',
                reason: 'BackoffLimitExceeded',
                message: 'Job has reached the specified backoff limit',
                lastTransitionTime: iso(-1),
              },
            ],
          },
        },
      ],
      services: [
        {
          ...meta('checkout'),
          spec: { selector: { app: 'checkout', version: 'v2' }, ports: [{ port: 80, targetPort: 8080 }] },
        },
      ],
      endpointslices: [],
    };
    const logs = { 'shop/backup-1-abcde/app': `${iso(-1)} pg_dump: error: connection to server failed` };
    const findings = await ask({ objects, logs }, { namespace: 'shop', service: 'checkout', job_name: 'backup' }, [
      'volume',
      'autoscaler',
      'job',
      'service',
    ]);
    expect(about(findings, 'PVC shop/data · Pending')?.text).toContain('storageClass fast; wants storage=10Gi');
    expect(about(findings, 'HPA')).toMatchObject({ title: 'HPA shop/checkout · at its maximum' });
    expect(about(findings, 'HPA')?.text).toContain('cpu: 97% / 70%');
    expect(about(findings, 'Job shop/backup-1 · failed')?.text).toContain('BackoffLimitExceeded');
    expect(about(findings, 'Log of shop/backup-1-abcde')?.text).toContain('pg_dump: error');
    const service = about(findings, 'Service shop/checkout · no ready endpoints');
    expect(service?.text).toContain('selector app=checkout,version=v2 matches 0 pods');
    expect(service?.text).toContain(`${NAME}: app=checkout,version=v1`);
  });

  it('events that are no warnings but tell something, of the cluster when no namespace is named', async () => {
    const normal = { type: 'Normal', involvedObject: { kind: 'HorizontalPodAutoscaler', name: 'web' } };
    const events = [
      event('web', 'SuccessfulRescale', 'New size: 9', -3, normal),
      event('web-1', 'Pulled', 'Container image already present', -2, { type: 'Normal' }),
    ];
    for (const labels of [{ namespace: 'shop' }, { host: 'node-1' }]) {
      const text = (await ask({ objects: { events } }, { ...labels }, ['events']))
        .map(({ text: one }) => one)
        .join('\n');
      expect(text).toContain('Normal SuccessfulRescale HorizontalPodAutoscaler/web: New size: 9');
      expect(text).not.toContain('Pulled');
    }
  });

  it('asks nothing when nothing of a cluster is named and planned', async () => {
    const { kubernetes, simulator } = await clusterWith({});
    expect(await kubernetes.collect(aboutLabels({ host: 'db-1' }), soon())).toEqual([]);
    expect(simulator.asked).toEqual([]);
  });
});

describe('a cluster that does not answer', () => {
  const world = { objects: { pods: [oomKilled(NAME)] } };
  const labels = { namespace: 'shop', pod: NAME };

  it('for lack of a right names the verb and the resource, and tells the rest', async () => {
    const findings = await ask({ ...world, lacks: ['list events', 'get pods/log'] }, labels);
    expect(about(findings, 'CrashLoopBackOff')).toBeDefined();
    const failed = findings.filter((each) => each.failed);
    expect(failed.map(({ title }) => title).toSorted()).toEqual([
      'No right to get pods/log',
      'No right to list events',
    ]);
    const text = about(failed, 'list events')?.text ?? '';
    expect(text).toContain('lacks the verb list on events in namespace shop');
    expect(text).toContain('KUBERNETES_TOKEN');
    expect(about(failed, 'list events')?.query).toBe('kubectl auth can-i list events -n shop');
  });

  it.each([
    ['500', { status: 500, body: 'x' }, 'answered 500'],
    ['a wrong token', { status: 401, body: {} }, 'KUBERNETES_TOKEN'],
    ['a web page', { body: '<html>', type: 'text/html' }, 'web page'],
    ['silence', { body: '', delayMs: 3000 }, 'did not answer'],
    ['too much', { body: 'x'.repeat(5 * 1024 * 1024) }, 'more than'],
  ])('but with %s rejects with what to do', async (_name, answer, words) => {
    const { kubernetes, simulator } = await clusterWith(world, 'delayMs' in answer ? 200 : undefined);
    simulator.fault = () => answer;
    await expect(kubernetes.collect(aboutLabels(labels), soon())).rejects.toThrow(words);
  });

  it('says nothing false about answers of another form', async () => {
    const { kubernetes, simulator } = await clusterWith(world);
    for (const body of [
      [],
      7,
      'null',
      { items: 5 },
      { items: [null, 1, 'x', {}] },
      { metadata: 1, spec: [], status: 'x' },
    ]) {
      simulator.fault = () => ({ body });
      await expect(
        kubernetes.collect(aboutLabels(labels, planned(['node', 'volume', 'autoscaler', 'job', 'service'])), soon()),
      ).resolves.toBeInstanceOf(Array);
    }
  });

  it.each(['../../nodes', 'a/b', 'x?y=1', '..', 'UPPER', 'a b', 'x,y=z', '', 'é', 'a%2fb', 'x'.repeat(300)])(
    'is never asked with %j in a path or a selector',
    async (hostile) => {
      const { kubernetes, simulator } = await clusterWith(world);
      for (const key of [
        'namespace',
        'pod',
        'deployment',
        'service',
        'job_name',
        'persistentvolumeclaim',
        'node',
        'container',
      ]) {
        await kubernetes.collect(
          aboutLabels(
            { namespace: 'shop', [key]: hostile },
            planned(['node', 'volume', 'autoscaler', 'job', 'service', 'pod', 'events']),
          ),
          soon(),
        );
      }
      const asked = simulator.asked.map(({ path, query }) => `${path}?${query.toString()}`);
      for (const each of asked) {
        expect(each).toMatch(/^\/apis?\/[a-z0-9./-]+\?[-A-Za-z0-9=&%._]*$/);
        expect(each.split(/[/=?&]/)).not.toContain(hostile === '' ? '..' : hostile);
      }
    },
  );
});
