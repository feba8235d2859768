import { type Answered, type Asked, type Served, serve } from './serve.ts';

type Json = Readonly<Record<string, unknown>>;

export interface KubernetesWorld {
  /** What the API must be sent as `Authorization: Bearer …`. */
  readonly token: string;
  /** By resource: `pods`, `events`, `replicasets`, … each with `metadata`. */
  readonly objects: Readonly<Record<string, readonly unknown[]>>;
  /** `namespace/pod/container`, with `/previous` for the run before; lines, with or without times. */
  readonly logs?: Readonly<Record<string, string>>;
  /** `verb resource` pairs that the role lacks: `list events`, `get pods/log`, `* nodes`. */
  readonly lacks?: readonly string[];
}

export interface KubernetesSimulator extends Served {
  fault: ((asked: Asked) => Answered | undefined) | undefined;
}

const GROUPS: Readonly<Record<string, string>> = {
  pods: '/api/v1',
  events: '/api/v1',
  nodes: '/api/v1',
  services: '/api/v1',
  persistentvolumeclaims: '/api/v1',
  replicasets: '/apis/apps/v1',
  deployments: '/apis/apps/v1',
  jobs: '/apis/batch/v1',
  horizontalpodautoscalers: '/apis/autoscaling/v2',
  endpointslices: '/apis/discovery.k8s.io/v1',
};

/** The parts of the Kubernetes API that read: lists, single objects and logs, with a bearer token and a role's rights. */
export async function startKubernetes(world: KubernetesWorld): Promise<KubernetesSimulator> {
  const state: { fault: KubernetesSimulator['fault'] } = { fault: undefined };
  const served = await serve((asked) => state.fault?.(asked) ?? answer(world, asked));
  return Object.assign(state, served);
}

interface Question {
  readonly resource: string;
  readonly namespace: string | undefined;
  readonly name: string | undefined;
  readonly sub: string | undefined;
}

function answer(world: KubernetesWorld, asked: Asked): Answered {
  if (asked.headers.authorization !== `Bearer ${world.token}`) return failure(401, 'Unauthorized', 'Unauthorized');
  if (asked.method !== 'GET') return failure(405, 'MethodNotAllowed', 'the server does not allow this method');
  const question = parse(asked.path);
  if (question === undefined) return failure(404, 'NotFound', 'the server could not find the requested resource');
  const { resource, namespace, name, sub } = question;
  const verb = name === undefined ? 'list' : 'get';
  const named = sub === undefined ? resource : `${resource}/${sub}`;
  if ((world.lacks ?? []).some((right) => right === `${verb} ${named}` || right === `* ${named}`)) {
    const where = namespace === undefined ? 'at the cluster scope' : `in the namespace "${namespace}"`;
    const user = 'system:serviceaccount:monitoring:zhiban';
    return failure(
      403,
      'Forbidden',
      `${named} is forbidden: User "${user}" cannot ${verb} resource "${named}" in API group "" ${where}`,
    );
  }
  const all = (world.objects[resource] ?? []).filter(
    (item) => namespace === undefined || text(item, 'metadata', 'namespace') === namespace,
  );
  if (name === undefined) return list(all, asked.query);
  const found = all.find((item) => text(item, 'metadata', 'name') === name);
  if (found === undefined) return failure(404, 'NotFound', `${resource} "${name}" not found`);
  return sub === 'log' ? log(world, question, asked.query) : { body: found };
}

function parse(path: string): Question | undefined {
  for (const [resource, group] of Object.entries(GROUPS)) {
    if (!path.startsWith(`${group}/`)) continue;
    const parts = path.slice(group.length + 1).split('/');
    const namespace = parts[0] === 'namespaces' && parts.length > 2 ? parts[1] : undefined;
    const rest = namespace === undefined ? parts : parts.slice(2);
    if (rest[0] !== resource || rest.length > 3) continue;
    return { resource, namespace, name: rest[1], sub: rest[2] };
  }
  return undefined;
}

function list(all: readonly unknown[], query: URLSearchParams): Answered {
  const [labels, fields] = [query.get('labelSelector'), query.get('fieldSelector')];
  const found = all
    .filter((item) => pairs(labels).every(([key, value]) => record(path(item, ['metadata', 'labels']))[key] === value))
    .filter((item) => pairs(fields).every(([key, value]) => path(item, key.split('.')) === value));
  const limit = Number(query.get('limit') ?? 0) || found.length;
  return { body: { kind: 'List', apiVersion: 'v1', metadata: {}, items: found.slice(0, limit) } };
}

/** `a=b,c=d`; anything else is a bad request. */
function pairs(selector: string | null): readonly (readonly [string, string])[] {
  if (selector === null || selector === '') return [];
  return selector.split(',').map((part) => {
    const [, key, value] = /^([A-Za-z0-9][-A-Za-z0-9_./]*)=([-A-Za-z0-9_.]*)$/.exec(part) ?? [];
    if (key === undefined || value === undefined) throw new Error(`unable to parse requirement: ${part}`);
    return [key, value] as const;
  });
}

function log(world: KubernetesWorld, { namespace, name }: Question, query: URLSearchParams): Answered {
  const container = query.get('container') ?? '';
  const previous = query.get('previous') === 'true';
  const key = `${namespace}/${name}/${container}${previous ? '/previous' : ''}`;
  const lines = world.logs?.[key];
  if (lines === undefined) {
    const what = previous ? 'previous terminated container' : 'container';
    return failure(400, 'BadRequest', `${what} "${container}" in pod "${name}" not found`);
  }
  const tail = Number(query.get('tailLines') ?? 0);
  const all = lines.split('\n').filter((line) => line !== '');
  return { body: `${(tail > 0 ? all.slice(-tail) : all).join('\n')}\n`, type: 'text/plain' };
}

const failure = (code: number, reason: string, message: string): Answered => ({
  status: code,
  body: { kind: 'Status', apiVersion: 'v1', status: 'Failure', message, reason, code },
});

const record = (value: unknown): Json => (typeof value === 'object' && value !== null ? (value as Json) : {});
const path = (item: unknown, keys: readonly string[]): unknown =>
  keys.reduce<unknown>((inside, key) => record(inside)[key], item);
const text = (item: unknown, ...keys: readonly string[]): unknown => path(item, keys);
