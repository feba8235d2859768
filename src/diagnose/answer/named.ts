import type { Evidence } from '../diagnosis.ts';
import type { EvidencePack } from '../provider.ts';
import { isUnit, numbersIn } from './numbers.ts';

/** What the evidence and the incident's own facts name. */
export interface Known {
  /** The names, numbers, versions and evidence ids in a text that nothing known has. Words are not looked at. */
  unknownIn(text: string): readonly string[];
}

const MOST_OF_ONE = 8000;

export function knownFrom(pack: Pick<EvidencePack, 'evidence' | 'incident' | 'alerts'>): Known {
  const told = plain(toldBy(pack));
  const numbers = numbersIn(told);
  const ids = new Set(pack.evidence.map(({ id }) => id.toLowerCase()));
  const names = new Map<string, boolean>();
  const isNamed = (token: string): boolean => {
    const known = names.get(token) ?? isKnownName(told, token);
    names.set(token, known);
    return known;
  };
  const isKnown = (token: string, rest: string): boolean => {
    if (HARMLESS.test(token)) return true;
    if (/^e\d{1,4}$/.test(token)) return ids.has(token) || occurs(told, token);
    const [, digits, unit] = /^([\d,]{1,24}(?:\.\d{1,12})?)(%|[a-zµ]{1,8})?$/.exec(token) ?? [];
    if (digits === undefined || (unit !== undefined && !isUnit(unit))) return isNamed(token);
    if (unit === undefined && /^[0-2]$/.test(digits)) return true;
    return numbers.has(digits, unit ?? UNIT_AFTER.exec(rest)?.[1]);
  };
  return {
    unknownIn: (text) => {
      const said = plain(text);
      const unknown: string[] = [];
      for (const { 0: raw, index } of said.matchAll(TOKEN)) {
        const token = raw.replace(/[.:/+-]{1,40}$/, '');
        const rest = said.slice(index + token.length, index + token.length + 12);
        const before = said.slice(Math.max(0, index - 16), index);
        if (isSpecific(token, before, rest) && !isKnown(token, rest)) unknown.push(token);
      }
      return unknown;
    },
  };
}

/** One space for lower-case ASCII text to be searched in; our own placeholders and brackets round dots name nothing. */
const plain = (text: string): string =>
  text
    .replaceAll('[.]', '.')
    .replaceAll(/⟦[^⟦⟧]{0,40}⟧/g, ' ')
    .normalize('NFKC')
    .toLowerCase()
    // So that a time of day stands alone.
    .replaceAll(/(\d)t(?=\d\d:)/g, '$1 ');

const TOKEN = /\d{1,3}(?:,\d{3}){1,6}(?:\.\d{1,12})?%?|[a-z0-9][a-z0-9._:/+-]{0,252}%?/g;
const UNIT_AFTER = /^\s?(%|[a-zµ]{1,8}|秒|分钟|分|小时|天|毫秒)/;

/** Words with a digit that are no one's name. */
const HARMLESS =
  /^(?:[1-5]xx|p\d{2,3}|k8s|k3s|ipv?[46]|http[/s]?[123]?(?:\.\d)?|utf-?(?:8|16)|s3|ec2|oauth2?|x86(?:_64)?|arm64|amd64|l[347]|h2|e2e|sha-?(?:1|256|512)|md5|base64|tls ?v?1(?:\.[0-3])?|log4j2?|e\.g|i\.e|\d(?:st|nd|rd|th)|24[/x]7)$/;

/** What a claim stands or falls with: anything with a digit, a path, a dotted or joined name, or the name of a thing of some kind. */
const isSpecific = (token: string, before: string, rest: string): boolean =>
  /\d/.test(token) ||
  /[a-z]_[a-z]|[a-z]\.[a-z]{2}/.test(token) ||
  (token.includes('-') && (KIND_BEFORE.test(before) || KIND_AFTER.test(rest)));

const KINDS =
  'pods?|containers?|services?|hosts?|nodes?|namespaces?|deployments?|statefulsets?|daemonsets?|jobs?|images?|servers?|databases?|clusters?|queues?|topics?';
const KINDS_ZH = '容器|服务|主机|节点|命名空间|实例|应用|部署|镜像|集群|数据库|队列|主题|任务';
const KIND_BEFORE = new RegExp(`(?:\\b(?:${KINDS})|${KINDS_ZH})[\\s:：“"'「]{0,3}$`);
const KIND_AFTER = new RegExp(`^[”"'」]?\\s?(?:(?:${KINDS})\\b|${KINDS_ZH})`);

/** As a whole, or each part of what was joined: `shop/checkout-1`, `db-1:5432`. A version may lack its `v`. */
function isKnownName(told: string, token: string): boolean {
  if (occurs(told, token)) return true;
  if (VERSION.test(token)) return occurs(told, token.replace(/^v/, ''), /[a-uw-z0-9.]/);
  const parts = token.split(/[/:]/).filter((part) => part !== '');
  return parts.length > 1 && parts.every((part) => isKnownName(told, part));
}

const VERSION = /^v?\d{1,6}(?:\.\d{1,6}){1,4}$/;
const PART = /[a-z0-9]/;

/** Standing for itself: `api-1` is not in `api-10`, but `checkout-7f9c` is in the name of its pods. */
function occurs(told: string, token: string, before = PART): boolean {
  let at = told.indexOf(token);
  for (let looks = 0; at !== -1 && looks < MOST_LOOKS; looks += 1, at = told.indexOf(token, at + 1))
    if (!before.test(told.charAt(at - 1)) && !PART.test(told.charAt(at + token.length))) return true;
  return false;
}

/** What stands so often within other words and never alone is no name. */
const MOST_LOOKS = 2000;

function toldBy({ evidence, incident, alerts }: Pick<EvidencePack, 'evidence' | 'incident' | 'alerts'>): string {
  const labels = [incident, ...alerts.slice(0, 20)].flatMap((one) => [
    one.title,
    one.summary,
    ...Object.entries(one.labels).flat(),
  ]);
  const times = [incident.openedAt, ...alerts.flatMap(({ startsAt, receivedAt }) => [startsAt, receivedAt])];
  return [incident.id, ...labels, ...evidence.flatMap(partsOf), ...times.map(timeOf)]
    .map((part) => part.slice(0, MOST_OF_ONE))
    .join('\n')
    .slice(0, 400_000);
}

const partsOf = ({ title, query, text, at, range }: Evidence): readonly string[] => [
  title,
  query ?? '',
  text,
  ...[at, range?.from, range?.to].map(timeOf),
];

const timeOf = (at: number | undefined): string =>
  at === undefined || !Number.isFinite(at) || Math.abs(at) > 8e15 ? '' : new Date(at).toISOString();
