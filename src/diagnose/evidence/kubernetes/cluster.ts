import type { Locale } from '../../../types.ts';
import { failureFinding, faultOf, isMissing } from '../failure.ts';
import type { Reader } from '../http.ts';
import type { About, Finding } from '../source.ts';
import { fieldsOf, listOf, within } from '../wire.ts';

const GROUPS = {
  pods: ['api', 'v1'],
  events: ['api', 'v1'],
  nodes: ['api', 'v1'],
  services: ['api', 'v1'],
  persistentvolumeclaims: ['api', 'v1'],
  replicasets: ['apis', 'apps', 'v1'],
  deployments: ['apis', 'apps', 'v1'],
  jobs: ['apis', 'batch', 'v1'],
  horizontalpodautoscalers: ['apis', 'autoscaling', 'v2'],
  endpointslices: ['apis', 'discovery.k8s.io', 'v1'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

export type Resource = keyof typeof GROUPS;

/** An object as the API gives it; untrusted. */
export type Item = Readonly<Record<string, unknown>>;

export interface Selection {
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  readonly limit?: number;
  /** Where the right to ask is missing, that is nothing to tell of: it is asked for more than is needed. */
  readonly optional?: boolean;
}

/** Reading questions to the API for one incident. Names given here have passed their grammar. */
export interface Cluster {
  /** Undefined when there is none, or when the question failed: then `failures` tells. */
  get(resource: Resource, namespace: string | undefined, name: string): Promise<Item | undefined>;
  /** Empty when the question failed. At most 500, of all namespaces when none is given. */
  list(resource: Resource, namespace: string | undefined, selection?: Selection): Promise<readonly Item[]>;
  /** A container's last lines with their times; undefined when there is no such log. */
  log(namespace: string, pod: string, container: string, previous: boolean): Promise<string | undefined>;
  /** One finding per kind of question that failed. */
  failures(): readonly Finding[];
  /** Rejects with the first failure when no question was answered. */
  settle(): void;
}

const TAIL_LINES = 100;

/** Asks through a reader; what fails is remembered and told once per right that is missing. */
export function createCluster(reader: Reader, about: About, signal: AbortSignal): Cluster {
  const { ask, failures, settle } = createAsking(about);
  return {
    get: async (resource, namespace, name) => {
      const asked = () => reader.get([...pathOf(resource, namespace), name], {}, signal);
      const item = fieldsOf(await ask({ verb: 'get', resource, namespace }, asked));
      return item['metadata'] === undefined ? undefined : item;
    },
    list: async (resource, namespace, { limit = 500, optional = false, ...selection } = {}) => {
      const asked = () => reader.get(pathOf(resource, namespace), { ...selection, limit }, signal);
      return listOf(within(await ask({ verb: 'list', resource, namespace, optional }, asked), 'items')).map(fieldsOf);
    },
    log: async (namespace, pod, container, previous) => {
      const query = { container, previous: previous || undefined, tailLines: TAIL_LINES, timestamps: true };
      const asked = () => reader.text([...pathOf('pods', namespace), pod, 'log'], query, signal).catch(noLog);
      return (await ask({ verb: 'get', resource: 'pods/log', namespace }, asked))?.text;
    },
    failures,
    settle,
  };
}

interface Right {
  readonly verb: string;
  readonly resource: string;
  readonly namespace: string | undefined;
  readonly optional?: boolean;
}

function createAsking(about: About) {
  const failed = new Map<string, { readonly error: unknown; readonly finding: Finding }>();
  let answered = false;
  const ask = async <T>(right: Right, work: () => Promise<T>): Promise<T | undefined> => {
    try {
      const answer = await work();
      answered = true;
      return answer;
    } catch (error) {
      const key = `${right.verb} ${right.resource}`;
      if (isMissing(error)) answered = true;
      else if (right.optional === true) return undefined;
      else if (!failed.has(key)) failed.set(key, { error, finding: failureOf(error, about, right) });
      return undefined;
    }
  };
  return {
    ask,
    failures: (): readonly Finding[] => [...failed.values()].map(({ finding }) => finding),
    settle: (): void => {
      const [first] = failed.values();
      if (!answered && first !== undefined) throw first.error;
    },
  };
}

const pathOf = (resource: Resource, namespace: string | undefined): readonly string[] => [
  ...GROUPS[resource],
  ...(namespace === undefined ? [] : ['namespaces', namespace]),
  resource,
];

/** 400 is the API's way to say that this container has not run before, or does not run yet. */
function noLog(error: unknown): undefined {
  const fault = faultOf(error);
  if (fault.kind === 'status' && fault.status === 400) return undefined;
  throw error;
}

/** A right that is missing is named, with the line that shows whether it is there. */
function failureOf(error: unknown, about: About, { verb, resource, namespace }: Right): Finding {
  const scope = namespace === undefined ? '-A' : `-n ${namespace}`;
  const failure = failureFinding('kubernetes', error, about, `kubectl ${verb} ${resource} ${scope}`);
  const fault = faultOf(error);
  if (fault.kind !== 'refused' || fault.status !== 403) return failure;
  const words = LACKING[about.locale];
  return {
    ...failure,
    title: words.title(verb, resource),
    text: `${words.text(verb, resource, namespace)} ${failure.text}`,
    query: `kubectl auth can-i ${verb} ${resource} ${scope}`,
  };
}

const LACKING: Readonly<
  Record<
    Locale,
    {
      readonly title: (verb: string, resource: string) => string;
      readonly text: (verb: string, resource: string, namespace: string | undefined) => string;
    }
  >
> = {
  'zh-CN': {
    title: (verb, resource) => `没有权限 ${verb} ${resource}`,
    text: (verb, resource, namespace) =>
      `我们的角色缺少对 ${resource} 的 ${verb} 权限${namespace === undefined ? '（整个集群）' : `（命名空间 ${namespace}）`}，所以没有查到，并不说明正常。`,
  },
  'en-US': {
    title: (verb, resource) => `No right to ${verb} ${resource}`,
    text: (verb, resource, namespace) =>
      `Our role lacks the verb ${verb} on ${resource} ${namespace === undefined ? 'in the cluster' : `in namespace ${namespace}`}: this was not looked at, which is no sign that all is well.`,
  },
};
