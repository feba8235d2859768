import type { Change, ChangeKind } from '../../incident/change.ts';
import type { EpochMs, Locale } from '../../types.ts';
import { type Relation, relate } from './changes-relation.ts';
import type { About, EvidenceSource, Finding } from './source.ts';

/** What was done to the systems we watch, by when it was done. */
export interface RecentChanges {
  /** Both ends included, newest first. */
  between(from: EpochMs, to: EpochMs, limit: number): Promise<readonly Change[]>;
}

/** Most of what breaks by a change breaks within this time. */
const BEFORE_MS = 2 * 3_600_000;
const MOST_BEFORE = 300;
const MOST_AFTER = 100;
const MOST_SHOWN = 8;
const MOST_LABELS = 8;
/** What was taken away or turned off breaks what needs it only days later: a renewal, a cleaning, a schedule. */
const LONG_BEFORE_MS = 14 * 24 * 3_600_000;
const MOST_LONG_BEFORE = 500;
const MOST_EARLIER = 4;
const EARLIER_RELEVANCE = 0.3;

/**
 * Changes in the two hours before the start and since, those of the same service first, and of that service's own
 * earlier ones the newest of each kind. They are no accusation.
 */
export const createChangesSource = ({ changes }: { readonly changes: RecentChanges }): EvidenceSource => ({
  name: 'changes',
  timeoutMs: 3000,
  collect: async (about) => {
    const { startedAt, now } = about;
    const [earlier, before, after] = await Promise.all([
      changes.between(startedAt - LONG_BEFORE_MS, startedAt - BEFORE_MS - 1, MOST_LONG_BEFORE),
      changes.between(startedAt - BEFORE_MS, startedAt, MOST_BEFORE),
      now > startedAt ? changes.between(startedAt + 1, now, MOST_AFTER) : [],
    ]);
    const related = [...before, ...after].map((change) => ({ change, relation: relate(change, about) }));
    const ordered = related.toSorted((a, b) => b.relation.relevance - a.relation.relevance);
    const shown = ordered.slice(0, MOST_SHOWN).map(({ change, relation }) => findingOf(change, relation, about));
    const last = shown.at(-1);
    const near: readonly Finding[] =
      last === undefined || ordered.length === shown.length ? shown : [...shown.slice(0, -1), { ...last, cut: true }];
    return [...near, ...earlierOf(earlier, about)];
  },
});

/** Of the alert's own service, newest first: of each kind one. */
function earlierOf(changes: readonly Change[], about: About): readonly Finding[] {
  const own = changes
    .map((change) => ({ change, relation: relate(change, about) }))
    .filter(({ relation }) => relation.kind === 'service' && !relation.elsewhere);
  return own
    .filter(({ change }, index) => own.findIndex((one) => one.change.kind === change.kind) === index)
    .slice(0, MOST_EARLIER)
    .map(({ change, relation }) => findingOf(change, { ...relation, relevance: EARLIER_RELEVANCE }, about));
}

interface Words {
  readonly kinds: Readonly<Record<ChangeKind, string>>;
  readonly relations: Readonly<Record<Relation['kind'], string>>;
  readonly elsewhere: string;
  readonly version: string;
  readonly environment: string;
  readonly by: string;
  readonly toldBy: string;
  before(time: string): string;
  after(time: string): string;
  readonly moment: string;
  minutes(n: number): string;
  hours(hours: number, minutes: number): string;
  days(days: number): string;
}

const WORDS: Readonly<Record<Locale, Words>> = {
  'zh-CN': {
    kinds: {
      deploy: '发布',
      config: '配置变更',
      migration: '数据迁移',
      scale: '扩缩容',
      feature_flag: '功能开关',
      infra: '基础设施变更',
      other: '变更',
    },
    relations: {
      service: '与告警是同一服务',
      named: '告警里提到了这个服务',
      namespace: '与告警在同一命名空间',
      labels: '与告警有相同的标签',
      other: '其他服务',
    },
    elsewhere: '环境不同',
    version: '版本',
    environment: '环境',
    by: '操作人',
    toldBy: '来自',
    before: (time) => `开始前${time}`,
    after: (time) => `开始后${time}`,
    moment: '不到 1 分钟',
    minutes: (n) => ` ${n} 分钟`,
    hours: (hours, minutes) => (minutes === 0 ? ` ${hours} 小时` : ` ${hours} 小时 ${minutes} 分钟`),
    days: (days) => ` ${days} 天`,
  },
  'en-US': {
    kinds: {
      deploy: 'Release',
      config: 'Configuration change',
      migration: 'Migration',
      scale: 'Scaling',
      feature_flag: 'Feature flag',
      infra: 'Infrastructure change',
      other: 'Change',
    },
    relations: {
      service: 'same service as the alert',
      named: 'the alert names this service',
      namespace: 'same namespace as the alert',
      labels: 'shares labels with the alert',
      other: 'another service',
    },
    elsewhere: 'another environment',
    version: 'version',
    environment: 'environment',
    by: 'by',
    toldBy: 'told by',
    before: (time) => `${time} before the start`,
    after: (time) => `${time} after the start`,
    moment: 'less than 1 min',
    minutes: (n) => `${n} min`,
    hours: (hours, minutes) => (minutes === 0 ? `${hours} h` : `${hours} h ${minutes} min`),
    days: (days) => `${days} days`,
  },
};

function findingOf(change: Change, relation: Relation, about: About): Finding {
  const words = WORDS[about.locale];
  return {
    source: 'changes',
    title: `${words.kinds[change.kind]} · ${change.service.slice(0, 80)} · ${spoken(change.at - about.startedAt, words)}`,
    text: textOf(change, relation, words),
    at: change.at,
    range: { from: Math.min(about.startedAt - BEFORE_MS, change.at), to: Math.max(about.now, about.startedAt) },
    relevance: relation.relevance,
    ...(change.url === undefined ? {} : { url: change.url }),
  };
}

function textOf(change: Change, { kind, elsewhere }: Relation, words: Words): string {
  const said = [
    [words.version, change.version],
    [words.environment, change.environment],
    [words.by, change.author],
    [words.toldBy, change.source === 'api' ? undefined : change.source],
  ].flatMap(([name, value]) => (value === undefined ? [] : [`${name} ${value}`]));
  const labels = Object.entries(change.labels).map(([name, value]) => `${name}=${value.slice(0, 80)}`);
  return [
    change.title,
    said.join(' · '),
    [words.relations[kind], ...(elsewhere ? [words.elsewhere] : [])].join(' · '),
    labels.slice(0, MOST_LABELS).join(' '),
  ]
    .filter((line) => line !== '')
    .join('\n');
}

function spoken(ms: number, words: Words): string {
  const minutes = Math.floor(Math.abs(ms) / 60_000);
  const time =
    minutes === 0
      ? words.moment
      : minutes < 90
        ? words.minutes(minutes)
        : minutes < 2 * 24 * 60
          ? words.hours(Math.floor(minutes / 60), minutes % 60)
          : words.days(Math.floor(minutes / (24 * 60)));
  return ms <= 0 ? words.before(time) : words.after(time);
}
