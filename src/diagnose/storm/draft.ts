import type { Locale } from '../../types.ts';
import type { Cause, Evidence } from '../diagnosis.ts';
import type { Draft } from '../provider.ts';
import { FAMILIES } from '../rules/families.ts';
import { subjectOf } from '../subject.ts';
import { fill } from '../template.ts';
import type { Commons, Counted } from './commons.ts';
import { KIND_NAMES } from './kinds.ts';
import type { StormMember } from './ports.ts';
import { STORM_WORDS } from './words.ts';

/** One cause for many incidents is a guess until somebody looked. */
const SUREST = 0.5;
/** Share of the members that must be of one kind before its cause is named. */
const MAJORITY = 0.5;
const MOST_SHARED = 2;

/** What the rules say of a storm: what nearly all share, and the first cause of the kind that most are of. Pure. */
export function stormDraft(
  members: readonly StormMember[],
  commons: Commons,
  evidence: readonly Evidence[],
  locale: Locale,
): Draft {
  const [kind] = commons.families;
  const family = kind !== undefined && kind.count > members.length * MAJORITY ? kind : undefined;
  const cause = family === undefined ? undefined : causeOf(family, members, commons, evidence, locale);
  return {
    status: cause === undefined ? 'inconclusive' : 'ready',
    family: family?.value ?? '',
    summary: summaryOf(members.length, commons, family, locale),
    causes: cause === undefined ? [] : [cause],
    steps: [],
  };
}

function summaryOf(of: number, { shared }: Commons, family: Counted | undefined, locale: Locale): string {
  const words = STORM_WORDS[locale];
  const said = [
    ...shared.slice(0, MOST_SHARED).map(({ name, value, count }) => words.share(count, of, `${name}=${value}`)),
    ...(family === undefined ? [] : [words.mostly(family.count, of, kindOf(family.value, locale))]),
  ];
  const sentence = (said.length === 0 ? [words.nothing(of)] : said).join(words.stop);
  return `${sentence.slice(0, 1).toUpperCase()}${sentence.slice(1)}${locale === 'zh-CN' ? '。' : '.'}`;
}

const kindOf = (family: string, locale: Locale): string => KIND_NAMES[family]?.[locale] ?? family;

/** The cause that most members of the family have first, in words about all of them. */
function causeOf(
  family: Counted,
  members: readonly StormMember[],
  { causes, shared }: Commons,
  evidence: readonly Evidence[],
  locale: Locale,
): Cause | undefined {
  const key = causes.find(({ value }) => value.startsWith(`${family.value}/`))?.value;
  const having = members.flatMap(({ cause }) => (cause !== undefined && cause.key === key ? [cause] : []));
  const [first] = having;
  if (key === undefined || first === undefined) return undefined;
  const rule = FAMILIES.find(({ id }) => id === family.value)?.causes.find(({ id }) => `${family.value}/${id}` === key);
  const labels = Object.fromEntries(shared.map(({ name, value }) => [name, value]));
  const words = STORM_WORDS[locale];
  // The items that the counts stand in.
  const cited = new Set([
    words.families,
    words.causes,
    ...shared.slice(0, MOST_SHARED).map(({ name }) => words.shared(name)),
  ]);
  const sure = having.reduce((sum, { confidence }) => sum + confidence, 0) / having.length;
  return {
    statement: rule === undefined ? first.statement : fill(rule.text[locale], subjectOf({ title: '', labels })),
    confidence: Math.min(SUREST, Math.round(sure * (having.length / members.length) * 100) / 100),
    evidenceIds: evidence.filter(({ title }) => cited.has(title)).map(({ id }) => id),
    key,
  };
}
