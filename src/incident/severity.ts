import { SEVERITIES, type Severity } from './alert.ts';

/** The published table: what senders' words mean. Compared trimmed and in lower case. */
const SEVERITY_WORDS: ReadonlyMap<string, Severity> = new Map([
  ...words('critical', 'critical page p1 p0 emergency fatal disaster high error 紧急 严重 致命'),
  ...words('warning', 'warning warn p2 p3 medium average minor 重要 警告'),
  ...words('info', 'info p4 p5 low notice 提示 信息'),
]);

/** Senders whose numbers run worst first (or last): the same digit means different things. Index is the number. */
const SEVERITY_NUMBERS: Readonly<Record<string, readonly Severity[]>> = {
  zabbix: ['info', 'info', 'warning', 'warning', 'critical', 'critical'],
  nightingale: ['critical', 'critical', 'warning', 'info'],
  hertzbeat: ['critical', 'critical', 'warning'],
  azure: ['critical', 'critical', 'warning', 'info', 'info'],
  graylog: ['info', 'info', 'warning', 'critical'],
  opsgenie: ['critical', 'critical', 'warning', 'warning', 'info', 'info'],
};

/** What a sender's word or number means; `undefined` when nobody can say (callers take `warning` and keep the word). */
export function severityOf(word: string, source?: string): Severity | undefined {
  const plain = word.trim().toLowerCase();
  const known = SEVERITY_WORDS.get(plain);
  if (known !== undefined || source === undefined) return known;
  return severityOfNumber(source, plain);
}

/** `sev1`, `5`: read by the sender's own scale. */
function severityOfNumber(source: string, text: string): Severity | undefined {
  const digits = /^(?:sev|s)?(\d)$/.exec(text)?.[1];
  if (digits === undefined || !Object.hasOwn(SEVERITY_NUMBERS, source)) return undefined;
  return SEVERITY_NUMBERS[source]?.[Number(digits)];
}

/** 0 is the worst. */
export const severityRank = (severity: Severity): number => SEVERITIES.indexOf(severity);

export const isWorse = (a: Severity, than: Severity): boolean => severityRank(a) < severityRank(than);

/** How many alerts fire at each severity: what an incident's own severity is read from. */
export type FiringCounts = Readonly<Record<Severity, number>>;

export const NOTHING_FIRES: FiringCounts = { critical: 0, warning: 0, info: 0 };

export const firingTotal = (counts: FiringCounts): number => counts.critical + counts.warning + counts.info;

/** The worst severity that still fires. */
export const worstFiring = (counts: FiringCounts): Severity | undefined =>
  SEVERITIES.find((severity) => counts[severity] > 0);

function words(severity: Severity, list: string): (readonly [string, Severity])[] {
  return list.split(' ').map((word) => [word, severity] as const);
}
