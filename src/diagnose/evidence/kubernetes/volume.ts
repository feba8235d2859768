import type { Locale } from '../../../types.ts';
import type { About, Finding } from '../source.ts';
import { listOf, stringOf, within } from '../wire.ts';
import { relative, utc } from '../words.ts';
import type { Cluster, Item } from './cluster.ts';
import { isObjectName } from './names.ts';
import { amounts, conditionsOf, createdAt, nameOf, said } from './object.ts';

const MOST = 4;

/** The claims that pods mount, and the one that the alert names: whether they are bound, to what, how large. */
export async function volumeFindings(
  cluster: Cluster,
  namespace: string,
  { pods, named }: { readonly pods: readonly Item[]; readonly named: string | undefined },
  about: About,
): Promise<readonly Finding[]> {
  const mounted = pods.flatMap((pod) =>
    listOf(within(pod, 'spec', 'volumes')).map((volume) =>
      stringOf(within(volume, 'persistentVolumeClaim', 'claimName')),
    ),
  );
  const names = [...new Set([named, ...mounted])].filter(isObjectName).slice(0, MOST);
  const claims = await Promise.all(names.map((name) => cluster.get('persistentvolumeclaims', namespace, name)));
  return claims.filter((claim) => claim !== undefined).map((claim) => claimFinding(namespace, claim, about));
}

function claimFinding(namespace: string, claim: Item, { locale, now, startedAt }: About): Finding {
  const words = WORDS[locale];
  const phase = said(within(claim, 'status', 'phase'), 20) || '?';
  const conditions = conditionsOf(claim).map(({ type, status, message }) => `${type}=${status} · ${message}`);
  const storageClass = said(within(claim, 'spec', 'storageClassName'), 100);
  const created = createdAt(claim);
  return {
    source: 'kubernetes',
    title: `PVC ${namespace}/${nameOf(claim)} · ${phase}`,
    query: `kubectl -n ${namespace} describe pvc ${nameOf(claim)}`,
    text: [
      `phase ${phase}; storageClass ${storageClass || words.none}; ${words.wanted} ${amounts(within(claim, 'spec', 'resources', 'requests')) || '-'}; ${words.has} ${amounts(within(claim, 'status', 'capacity')) || '-'}; volume ${said(within(claim, 'spec', 'volumeName'), 100) || words.none}`,
      Number.isNaN(created) ? '' : `${words.created} ${utc(created)} (${relative(created, startedAt, locale)})`,
      ...conditions,
    ]
      .filter((line) => line !== '')
      .join('\n'),
    at: now,
    relevance: phase === 'Bound' && conditions.length === 0 ? 0.3 : 0.9,
  };
}

const WORDS: Readonly<Record<Locale, Readonly<Record<'none' | 'wanted' | 'has' | 'created', string>>>> = {
  'zh-CN': { none: '（无）', wanted: '申请', has: '实际', created: '创建于' },
  'en-US': { none: '(none)', wanted: 'wants', has: 'has', created: 'created' },
};
