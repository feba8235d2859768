import { fieldsOf, within } from '../wire.ts';

/** What a field is for us, with the names it has in the usual layouts (ECS, Fluent Bit, Logstash, OpenTelemetry). */
const KNOWN = {
  time: ['@timestamp', 'timestamp', 'time', 'ts'],
  message: ['message', 'log', 'msg', 'log.original', 'event.original', 'body', 'body.text', 'MESSAGE'],
  level: ['log.level', 'level', 'severity', 'loglevel', 'severity_text', 'levelname', 'SeverityText'],
  error: ['error.message', 'error.stack_trace', 'exception', 'stack_trace'],
  namespace: [
    'kubernetes.namespace',
    'kubernetes.namespace_name',
    'k8s.namespace.name',
    'resource.attributes.k8s.namespace.name',
    'namespace',
  ],
  pod: ['kubernetes.pod.name', 'kubernetes.pod_name', 'k8s.pod.name', 'resource.attributes.k8s.pod.name', 'pod'],
  service: [
    'service.name',
    'kubernetes.labels.app',
    'kubernetes.labels.app_kubernetes_io/name',
    'kubernetes.deployment.name',
    'kubernetes.container.name',
    'kubernetes.container_name',
    'resource.attributes.service.name',
    'app',
    'service',
    'application',
    'appname',
  ],
  host: ['host.name', 'host.hostname', 'hostname', 'host', 'kubernetes.node.name', 'kubernetes.host'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

export type Role = keyof typeof KNOWN;

/** How values of a field are compared: as they are, as numbers, or by the words in them. */
export type Kind = 'exact' | 'number' | 'words';

export interface Field {
  /** As documents have it. */
  readonly name: string;
  /** As queries name it: with `.keyword` where values are exact only there. */
  readonly exact: string;
  readonly kind: Kind;
}

export type Layout = Readonly<Record<Role, readonly Field[]>>;

/** All names to ask `_field_caps` for. */
export const FIELD_NAMES: readonly string[] = Object.values(KNOWN)
  .flat()
  .flatMap((name) => [name, `${name}.keyword`]);

/** What `_field_caps` says there is; without a time or a message the usual ones are taken. */
export function layoutOf(caps: unknown): Layout {
  const fields = fieldsOf(within(caps, 'fields'));
  const known = (role: Role): readonly Field[] =>
    KNOWN[role].map((name) => fieldOf(fields, name)).filter((field) => field !== undefined);
  const { time, message } = { time: known('time'), message: known('message') };
  return {
    time: time.length > 0 ? time : [{ name: '@timestamp', exact: '@timestamp', kind: 'number' }],
    message: message.length > 0 ? message : [{ name: 'message', exact: 'message', kind: 'words' }],
    level: known('level'),
    error: known('error'),
    namespace: known('namespace'),
    pod: known('pod'),
    service: known('service'),
    host: known('host'),
  };
}

const EXACT = new Set(['keyword', 'constant_keyword', 'wildcard', 'flattened', 'version', 'ip']);
const WORDS = new Set(['text', 'match_only_text', 'pattern_text']);

/** Objects have no values of their own: `host` of ECS is one. */
function fieldOf(fields: Readonly<Record<string, unknown>>, name: string): Field | undefined {
  const types = Object.keys(fieldsOf(fields[name]));
  if (types.some((type) => WORDS.has(type))) {
    const keyword = `${name}.keyword`;
    return { name, exact: fields[keyword] === undefined ? name : keyword, kind: 'words' };
  }
  if (types.some((type) => EXACT.has(type))) return { name, exact: name, kind: 'exact' };
  const valued = types.some((type) => !['object', 'nested', 'unmapped'].includes(type));
  return valued ? { name, exact: name, kind: 'number' } : undefined;
}
