import type { Locale } from '../../../types.ts';
import type { About, Finding } from '../source.ts';
import type { Chosen } from './choose.ts';

/** That the pod which the alert names is no more, and how many of its siblings are well; else how many pods there are. */
export function goneFinding(
  { gone, namespace, pods, total, unhealthy, workload }: Chosen,
  about: About,
): readonly Finding[] {
  const words = WORDS[about.locale];
  const place = namespace === undefined ? '' : `${namespace}/`;
  const counted = total === 0 && workload === undefined ? '' : words.counted(workload ?? '', total, unhealthy);
  const base = { source: 'kubernetes', at: about.now };
  if (gone !== undefined) {
    const text = [words.gone(`${place}${gone}`), counted].filter((line) => line !== '').join('\n');
    return [
      { ...base, title: words.goneTitle(`${place}${gone}`), query: `kubectl get pod ${gone}`, text, relevance: 0.5 },
    ];
  }
  if ((total === 1 && pods.length === 1) || namespace === undefined || counted === '') return [];
  const relevance = unhealthy > 0 ? 0.6 : 0.35;
  return [
    {
      ...base,
      title: words.countTitle(`${place}${workload ?? ''}`),
      query: `kubectl -n ${namespace} get pods`,
      text: counted,
      relevance,
    },
  ];
}

interface Words {
  readonly goneTitle: (pod: string) => string;
  readonly gone: (pod: string) => string;
  readonly countTitle: (workload: string) => string;
  readonly counted: (workload: string, total: number, unhealthy: number) => string;
}

const WORDS: Readonly<Record<Locale, Words>> = {
  'zh-CN': {
    goneTitle: (pod) => `Pod ${pod} 已不存在`,
    gone: (pod) => `现在查不到 Pod ${pod}：已被删除或替换，或我们无权查看`,
    countTitle: (workload) => `Pod 概况 ${workload}`,
    counted: (workload, total, unhealthy) =>
      `${workload === '' ? '命名空间里' : `${workload} `}共有 ${total} 个 Pod，其中 ${unhealthy} 个不正常`,
  },
  'en-US': {
    goneTitle: (pod) => `Pod ${pod} no longer exists`,
    gone: (pod) => `Pod ${pod} cannot be found now: deleted, replaced, or not ours to see`,
    countTitle: (workload) => `Pods of ${workload}`,
    counted: (workload, total, unhealthy) =>
      `${total} pods${workload === '' ? ' in the namespace' : ` of ${workload}`}, ${unhealthy} of them not well`,
  },
};
