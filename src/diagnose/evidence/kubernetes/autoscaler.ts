import type { Locale } from '../../../types.ts';
import type { About, Finding } from '../source.ts';
import { fieldsOf, listOf, stringOf, within } from '../wire.ts';
import type { Cluster, Item } from './cluster.ts';
import { conditionsOf, nameOf, numberOf, said } from './object.ts';

const MOST = 3;

/** Autoscalers of a workload, or all those of the namespace that can do no more. */
export async function autoscalerFindings(
  cluster: Cluster,
  namespace: string,
  workload: string | undefined,
  about: About,
): Promise<readonly Finding[]> {
  const all = await cluster.list('horizontalpodautoscalers', namespace);
  const own = all.filter((each) => stringOf(within(each, 'spec', 'scaleTargetRef', 'name')) === workload);
  const chosen = own.length > 0 ? own : all.filter((each) => isAtMost(each) || complaints(each).length > 0);
  return chosen.slice(0, MOST).map((each) => autoscalerFinding(namespace, each, about));
}

function autoscalerFinding(namespace: string, item: Item, { locale, now }: About): Finding {
  const words = WORDS[locale];
  const [current, wanted] = [
    numberOf(within(item, 'status', 'currentReplicas')),
    numberOf(within(item, 'status', 'desiredReplicas')),
  ];
  const [least, most] = [
    numberOf(within(item, 'spec', 'minReplicas')) || 1,
    numberOf(within(item, 'spec', 'maxReplicas')),
  ];
  const bad = complaints(item);
  const full = isAtMost(item);
  return {
    source: 'kubernetes',
    title: `HPA ${namespace}/${nameOf(item)} · ${full ? words.full : bad.length > 0 ? words.stuck : words.fine}`,
    query: `kubectl -n ${namespace} describe hpa ${nameOf(item)}`,
    text: [
      words.replicas(current, wanted, least, most),
      ...listOf(within(item, 'status', 'currentMetrics'))
        .slice(0, 4)
        .map((metric) => metricText(metric, item)),
      ...bad,
    ].join('\n'),
    at: now,
    relevance: full || bad.length > 0 ? 0.85 : 0.25,
  };
}

const isAtMost = (item: Item): boolean => {
  const most = numberOf(within(item, 'spec', 'maxReplicas'));
  return most > 0 && numberOf(within(item, 'status', 'currentReplicas')) >= most;
};

const complaints = (item: Item): readonly string[] =>
  conditionsOf(item)
    .filter(
      ({ type, status, reason }) => (status === 'True') === (type === 'ScalingLimited') && reason !== 'TooFewReplicas',
    )
    .map(({ type, status, reason, message }) => `${type}=${status} · ${reason} · ${message}`);

/** `cpu 97% of 70%` */
function metricText(metric: unknown, item: Item): string {
  const kind = stringOf(within(metric, 'type')).toLowerCase();
  const body = within(metric, kind);
  const name = said(within(body, 'name'), 80) || said(within(body, 'metric', 'name'), 80);
  const target = listOf(within(item, 'spec', 'metrics'))
    .map((each) => within(each, kind))
    .find((each) => (said(within(each, 'name'), 80) || said(within(each, 'metric', 'name'), 80)) === name);
  return `${name}: ${amountOf(within(body, 'current'))} / ${amountOf(within(target, 'target'))}`;
}

function amountOf(value: unknown): string {
  const { averageUtilization, averageValue, value: plain } = fieldsOf(value);
  if (typeof averageUtilization === 'number') return `${averageUtilization}%`;
  return said(averageValue, 40) || said(plain, 40) || '?';
}

interface Words {
  readonly full: string;
  readonly stuck: string;
  readonly fine: string;
  readonly replicas: (current: number, wanted: number, least: number, most: number) => string;
}

const WORDS: Readonly<Record<Locale, Words>> = {
  'zh-CN': {
    full: '已到上限',
    stuck: '无法正常伸缩',
    fine: '正常',
    replicas: (current, wanted, least, most) => `当前 ${current} 个副本，期望 ${wanted} 个，范围 ${least}–${most}`,
  },
  'en-US': {
    full: 'at its maximum',
    stuck: 'cannot scale as it should',
    fine: 'fine',
    replicas: (current, wanted, least, most) =>
      `${current} replicas now, ${wanted} wanted, between ${least} and ${most} allowed`,
  },
};
