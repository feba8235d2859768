import type { Locale } from '../../../types.ts';
import type { About, Finding } from '../source.ts';
import { stringOf, within } from '../wire.ts';
import { relative, utc } from '../words.ts';
import type { Cluster, Item } from './cluster.ts';
import { isLabelValue, isObjectName } from './names.ts';
import { conditionsOf, createdAt, nameOf, numberOf, ownerOf, timeOf } from './object.ts';

export interface JobSeen {
  readonly findings: readonly Finding[];
  /** The pods of the first job that failed, newest first, at most 2. */
  readonly pods: readonly Item[];
}

const MOST = 2;

/** A job, or the latest jobs of a cron job, that the alert names: how often it failed and why it gave up. */
export async function jobFindings(cluster: Cluster, namespace: string, name: string, about: About): Promise<JobSeen> {
  const named = await cluster.get('jobs', namespace, name);
  const jobs = named === undefined ? await jobsOf(cluster, namespace, name) : [named];
  const [first] = jobs;
  const findings = jobs.map((job) => jobFinding(namespace, job, about));
  if (first === undefined || !isLabelValue(nameOf(first))) return { findings, pods: [] };
  const pods = await cluster.list('pods', namespace, { labelSelector: `job-name=${nameOf(first)}` });
  return { findings, pods: pods.toSorted((a, b) => createdAt(b) - createdAt(a)).slice(0, MOST) };
}

/** Failed ones first, then the newest. */
async function jobsOf(cluster: Cluster, namespace: string, cron: string): Promise<readonly Item[]> {
  const all = await cluster.list('jobs', namespace);
  return all
    .filter((job) => ownerOf(job)?.name === cron || (isObjectName(nameOf(job)) && nameOf(job).startsWith(`${cron}-`)))
    .toSorted((a, b) => Number(failed(b)) - Number(failed(a)) || createdAt(b) - createdAt(a))
    .slice(0, MOST);
}

const failed = (job: Item): boolean =>
  numberOf(within(job, 'status', 'failed')) > 0 ||
  conditionsOf(job).some(({ type, status }) => type === 'Failed' && status === 'True');

function jobFinding(namespace: string, job: Item, { locale, now, startedAt }: About): Finding {
  const words = WORDS[locale];
  const count = (name: string): number => numberOf(within(job, 'status', name));
  const begun = timeOf(within(job, 'status', 'startTime'));
  const ended = conditionsOf(job).filter(({ status }) => status === 'True');
  const limit = within(job, 'spec', 'activeDeadlineSeconds');
  return {
    source: 'kubernetes',
    title: `Job ${namespace}/${nameOf(job)} · ${failed(job) ? words.failed : stringOf(ended[0]?.type) || words.running}`,
    query: `kubectl -n ${namespace} describe job ${nameOf(job)}`,
    text: [
      words.counts(count('succeeded'), count('failed'), count('active')),
      `backoffLimit ${numberOf(within(job, 'spec', 'backoffLimit'))}${typeof limit === 'number' ? `, activeDeadlineSeconds ${limit}` : ''}`,
      Number.isNaN(begun) ? '' : `${words.begun} ${utc(begun)} (${relative(begun, startedAt, locale)})`,
      ...ended.map(({ type, reason, message, since }) =>
        [type, reason, message, utc(since)].filter((part) => part !== '').join(' · '),
      ),
    ]
      .filter((line) => line !== '')
      .join('\n'),
    at: now,
    relevance: failed(job) ? 0.9 : 0.4,
  };
}

interface Words {
  readonly failed: string;
  readonly running: string;
  readonly begun: string;
  readonly counts: (succeeded: number, failed: number, active: number) => string;
}

const WORDS: Readonly<Record<Locale, Words>> = {
  'zh-CN': {
    failed: '失败',
    running: '进行中',
    begun: '开始于',
    counts: (succeeded, failures, active) => `成功 ${succeeded} 次，失败 ${failures} 次，正在运行 ${active} 个`,
  },
  'en-US': {
    failed: 'failed',
    running: 'running',
    begun: 'begun',
    counts: (succeeded, failures, active) => `${succeeded} succeeded, ${failures} failed, ${active} active`,
  },
};
