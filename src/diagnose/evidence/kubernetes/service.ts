import type { Locale } from '../../../types.ts';
import type { About, Finding } from '../source.ts';
import { fieldsOf, listOf, stringOf, within } from '../wire.ts';
import type { Cluster, Item } from './cluster.ts';
import { isLabelValue } from './names.ts';
import { containersIn, labelsText, nameOf, numberOf, said } from './object.ts';

/** Whether anything stands behind a service: its ready addresses, and which pods its selector finds. */
export async function serviceFindings(
  cluster: Cluster,
  namespace: string,
  name: string,
  about: About,
): Promise<readonly Finding[]> {
  const service = await cluster.get('services', namespace, name);
  if (service === undefined) return [];
  const selector = fieldsOf(within(service, 'spec', 'selector'));
  const [slices, pods, alike] = await Promise.all([
    cluster.list('endpointslices', namespace, { labelSelector: `kubernetes.io/service-name=${name}` }),
    podsBy(cluster, namespace, selector),
    isLabelValue(name) ? cluster.list('pods', namespace, { labelSelector: `app=${name}`, limit: 3 }) : [],
  ]);
  return [serviceFinding(namespace, { service, slices, pods, alike }, about)];
}

/** Undefined when the selector holds what can stand in no question. */
async function podsBy(
  cluster: Cluster,
  namespace: string,
  selector: Readonly<Record<string, unknown>>,
): Promise<readonly Item[] | undefined> {
  const parts = Object.entries(selector).map(([key, value]) => [key, stringOf(value)] as const);
  const harmless = parts.every(
    ([key, value]) => isLabelValue(value) && /^[A-Za-z0-9](?:[-A-Za-z0-9_./]{0,250}[A-Za-z0-9])?$/.test(key),
  );
  if (parts.length === 0 || !harmless) return undefined;
  return cluster.list('pods', namespace, { labelSelector: parts.map(([key, value]) => `${key}=${value}`).join(',') });
}

interface Seen {
  readonly service: Item;
  readonly slices: readonly Item[];
  readonly pods: readonly Item[] | undefined;
  /** Pods that carry the service's name, whether it selects them or not. */
  readonly alike: readonly Item[];
}

function serviceFinding(namespace: string, { service, slices, pods, alike }: Seen, { locale, now }: About): Finding {
  const words = WORDS[locale];
  const endpoints = slices.flatMap((slice) => listOf(within(slice, 'endpoints')));
  const ready = endpoints.filter((endpoint) => within(endpoint, 'conditions', 'ready') !== false);
  const selector = labelsText(within(service, 'spec', 'selector'));
  const without = ready.length === 0;
  const near =
    pods?.length === 0
      ? alike.slice(0, 3).map((pod) => `${nameOf(pod)}: ${labelsText(within(pod, 'metadata', 'labels'))}`)
      : [];
  return {
    source: 'kubernetes',
    title: `Service ${namespace}/${nameOf(service)} · ${without ? words.empty : words.ready(ready.length)}`,
    query: `kubectl -n ${namespace} get endpointslices -l kubernetes.io/service-name=${nameOf(service)}`,
    text: [
      words.addresses(ready.length, endpoints.length - ready.length),
      pods === undefined ? words.noSelector : words.selects(selector, pods.length),
      ...(near.length === 0 ? [] : [words.near, ...near]),
      portsText(service, pods ?? []),
    ].join('\n'),
    at: now,
    relevance: without ? 0.95 : 0.3,
  };
}

/** `80 → 8080; containers listen on 80` */
function portsText(service: Item, pods: readonly Item[]): string {
  const ports = listOf(within(service, 'spec', 'ports'))
    .slice(0, 6)
    .map((port) => `${numberOf(within(port, 'port'))} → ${targetOf(port)}`);
  const [pod] = pods;
  const open = containersIn(within(pod, 'spec'))
    .flatMap(({ spec }) => listOf(within(spec, 'ports')))
    .map(
      (port) =>
        `${said(within(port, 'name'), 20)}${within(port, 'name') === undefined ? '' : '='}${numberOf(within(port, 'containerPort'))}`,
    );
  return `ports ${ports.join(', ')}${open.length === 0 ? '' : `; containerPorts ${open.slice(0, 8).join(', ')}`}`;
}

const targetOf = (port: unknown): string => {
  const target = within(port, 'targetPort');
  return typeof target === 'number' ? String(target) : said(target, 20) || String(numberOf(within(port, 'port')));
};

interface Words {
  readonly empty: string;
  readonly ready: (count: number) => string;
  readonly addresses: (ready: number, unready: number) => string;
  readonly selects: (selector: string, count: number) => string;
  readonly noSelector: string;
  readonly near: string;
}

const WORDS: Readonly<Record<Locale, Words>> = {
  'zh-CN': {
    empty: '没有可用端点',
    ready: (count) => `${count} 个可用端点`,
    addresses: (ready, unready) => `就绪地址 ${ready} 个，未就绪 ${unready} 个`,
    selects: (selector, count) => `选择器 ${selector} 匹配 ${count} 个 Pod`,
    noSelector: '没有选择器，或选择器无法查询',
    near: '同名但未被选中的 Pod 标签：',
  },
  'en-US': {
    empty: 'no ready endpoints',
    ready: (count) => `${count} ready endpoints`,
    addresses: (ready, unready) => `${ready} ready addresses, ${unready} not ready`,
    selects: (selector, count) => `selector ${selector} matches ${count} pods`,
    noSelector: 'no selector, or one that cannot be asked for',
    near: 'Labels of pods of that name that it does not select:',
  },
};
