import type { Locale } from '../../types.ts';

interface Words {
  readonly title: (total: number) => string;
  readonly shared: (name: string) => string;
  readonly share: (count: number, of: number, label: string) => string;
  readonly mostly: (count: number, of: number, kind: string) => string;
  readonly nothing: (of: number) => string;
  readonly stop: string;
  readonly names: (total: number, of: number) => string;
  readonly families: string;
  readonly places: string;
  readonly place: Readonly<Record<'node' | 'service' | 'namespace' | 'cluster', string>>;
  readonly others: (count: number) => string;
  readonly onset: string;
  readonly span: (first: string, last: string, minute: number) => string;
  readonly causes: string;
  readonly worst: (id: string) => string;
  readonly several: (count: number, of: number) => string;
}

const zhCN: Words = {
  title: (total) => `告警风暴：同时有 ${total} 个故障`,
  shared: (name) => `几乎都有的标签 ${name}`,
  share: (count, of, label) =>
    count === of ? `${of} 个故障都带标签 ${label}` : `${of} 个故障中有 ${count} 个带标签 ${label}`,
  mostly: (count, of, kind) => (count === of ? `${of} 个都属于“${kind}”` : `${of} 个中有 ${count} 个属于“${kind}”`),
  nothing: (of) => `${of} 个故障没有明显的共同点`,
  stop: '；',
  names: (total, of) =>
    of < total ? `最严重的 ${of} 个故障（共 ${total} 个），按告警名` : `${total} 个故障，按告警名`,
  families: '按规则识别的类型',
  places: '发生在哪里',
  place: { node: '节点', service: '服务', namespace: '命名空间', cluster: '集群' },
  others: (count) => `另有 ${count} 种`,
  onset: '起始',
  span: (first, last, minute) => `第一个 ${first}，最后一个 ${last}，第一分钟内 ${minute} 个`,
  causes: '规则给出的首要原因',
  worst: (id) => `最严重的故障之一 ${id}`,
  several: (count, of) => `${of} 个故障中有 ${count} 个的共同证据`,
};

const enUS: Words = {
  title: (total) => `Alert storm: ${total} incidents at once`,
  shared: (name) => `Shared by nearly all: ${name}`,
  share: (count, of, label) =>
    count === of ? `all ${of} incidents share ${label}` : `${count} of ${of} incidents share ${label}`,
  mostly: (count, of, kind) =>
    count === of ? `all ${of} are of the kind ${kind}` : `${count} of ${of} are of the kind ${kind}`,
  nothing: (of) => `${of} incidents have nothing obvious in common`,
  stop: '; ',
  names: (total, of) =>
    of < total ? `The worst ${of} of ${total} incidents, by alert name` : `${total} incidents, by alert name`,
  families: 'Kinds of trouble, as the rules see them',
  places: 'Where it happens',
  place: { node: 'node', service: 'service', namespace: 'namespace', cluster: 'cluster' },
  others: (count) => `${count} more`,
  onset: 'Onset',
  span: (first, last, minute) => `first ${first}, last ${last}, ${minute} within the first minute`,
  causes: 'First causes by the rules',
  worst: (id) => `One of the worst: ${id}`,
  several: (count, of) => `Evidence that ${count} of ${of} incidents have`,
};

/** What a storm's diagnosis by rules and its evidence say. */
export const STORM_WORDS: Readonly<Record<Locale, Words>> = { 'zh-CN': zhCN, 'en-US': enUS };
