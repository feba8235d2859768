import type { Locale } from '../../../types.ts';
import type { About, Finding } from '../source.ts';
import { listOf, stringOf, within } from '../wire.ts';
import { relative, utc } from '../words.ts';
import type { Cluster, Item } from './cluster.ts';
import { clusterEventFindings } from './events.ts';
import { isObjectName } from './names.ts';
import { amounts, conditionsOf, nameOf, said } from './object.ts';

/** A node's conditions, taints and room, and what happened to it. `host` is a node's name or one of its addresses. */
export async function nodeFindings(cluster: Cluster, host: string, about: About): Promise<readonly Finding[]> {
  const node = await findNode(cluster, host);
  // Roles that may not read nodes may yet read what happened to them.
  const name = node === undefined ? host.toLowerCase() : nameOf(node);
  const events = isNodeName(name) ? await clusterEventFindings(cluster, 'Node', name, about) : [];
  return [...(node === undefined ? [] : [nodeFinding(node, about)]), ...events];
}

async function findNode(cluster: Cluster, host: string): Promise<Item | undefined> {
  const bare = host.toLowerCase();
  if (isNodeName(bare)) {
    const found = await cluster.get('nodes', undefined, bare);
    if (found !== undefined) return found;
  }
  const nodes = await cluster.list('nodes', undefined);
  return nodes.find((node) =>
    listOf(within(node, 'status', 'addresses')).some(
      (each) => stringOf(within(each, 'address')).toLowerCase() === bare,
    ),
  );
}

const isNodeName = (name: string): boolean => isObjectName(name) && !/^[\d.]+$/.test(name);

function nodeFinding(node: Item, { locale, now, startedAt }: About): Finding {
  const words = WORDS[locale];
  const bad = conditionsOf(node).filter(({ type, status }) => (status === 'True') !== (type === 'Ready'));
  const conditions = bad.map(
    ({ type, status, reason, message, since }) =>
      `${type}=${status} · ${reason} · ${message} · ${words.since} ${utc(since)} (${relative(since, startedAt, locale)})`,
  );
  const taints = listOf(within(node, 'spec', 'taints')).map(
    (taint) =>
      [said(within(taint, 'key'), 100), said(within(taint, 'value'), 60)].filter((part) => part !== '').join('=') +
      `:${said(within(taint, 'effect'), 30)}`,
  );
  const cordoned = within(node, 'spec', 'unschedulable') === true;
  const word = bad.map(({ type }) => (type === 'Ready' ? 'NotReady' : type)).join(', ');
  return {
    source: 'kubernetes',
    title: `${words.node} ${nameOf(node)} · ${word || (cordoned ? words.cordoned : words.healthy)}`,
    query: `kubectl describe node ${nameOf(node)}`,
    text: [
      ...conditions,
      ...(conditions.length === 0 ? [words.good] : []),
      cordoned ? words.cordoned : '',
      taints.length === 0 ? '' : `taints ${taints.slice(0, 8).join(' ')}`,
      `allocatable ${amounts(within(node, 'status', 'allocatable'))}`,
      `kubelet ${said(within(node, 'status', 'nodeInfo', 'kubeletVersion'), 40)}`,
    ]
      .filter((line) => line !== '')
      .join('\n'),
    at: now,
    relevance: bad.length > 0 ? 0.95 : cordoned ? 0.7 : 0.3,
  };
}

const WORDS: Readonly<Record<Locale, Readonly<Record<'node' | 'healthy' | 'good' | 'cordoned' | 'since', string>>>> = {
  'zh-CN': {
    node: '节点',
    healthy: '正常',
    good: 'Ready，没有内存、磁盘或 PID 压力',
    cordoned: '已禁止调度',
    since: '自',
  },
  'en-US': {
    node: 'Node',
    healthy: 'healthy',
    good: 'Ready, without pressure of memory, disk or PIDs',
    cordoned: 'cordoned (unschedulable)',
    since: 'since',
  },
};
