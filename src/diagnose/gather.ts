import type { Log } from '../telemetry/log.ts';
import type { Clock, Locale } from '../types.ts';
import type { Diagnosis, Evidence } from './diagnosis.ts';
import { alertEvidence } from './evidence/alert.ts';
import { planFor } from './evidence/plans.ts';
import { similarEvidence } from './evidence/similar.ts';
import type { About, Finding } from './evidence/source.ts';
import { recognise, startOf, toldOf } from './facts.ts';
import { type Match, matchOf } from './match.ts';
import type { Memory } from './memory.ts';
import { likest } from './memory/likest.ts';
import type { DiagnosePorts, Facts } from './ports.ts';
import type { EvidencePack } from './provider.ts';
import { GENERAL } from './rules/general.ts';
import { type Similar, findSimilar } from './similar.ts';
import { KIND_NAMES } from './storm/kinds.ts';
import { subjectOf } from './subject.ts';
import { tokensOf } from './tokens.ts';

export interface GatherDeps {
  readonly ports: Pick<DiagnosePorts, 'corpus' | 'candidates' | 'verdicts'>;
  /** Asks every configured source; resolves by its own deadline whatever they do. */
  readonly collect: (about: Omit<About, 'plan'>, signal: AbortSignal) => Promise<readonly Finding[]>;
  /** Cuts to what a diagnosis may hold, keeping what tells most. */
  readonly fit: (findings: readonly Finding[], words: readonly string[]) => readonly Finding[];
  /** Takes secrets out of what strangers wrote. */
  readonly redact: (text: string) => { readonly text: string; readonly count: number };
  readonly clock: Clock;
  readonly log: Log;
  /** The language a diagnosis is written in: one incident may be shown in chats of several. */
  readonly locale: Locale;
}

/** What a diagnosis is made from, and the memory that is applied to it. */
export interface Gathered {
  readonly pack: EvidencePack;
  readonly memory: Memory;
  readonly redacted: number;
  /** What the sources said, as they said it. */
  readonly collected: readonly Finding[];
}

/** The evidence told of another kind of trouble than the alert: what is worth asking about that one comes to what is known. */
export interface Settled {
  readonly match: Match;
  readonly collected: readonly Finding[];
}

/** Looks everything up and numbers it: past incidents, what the alerts say, what the sources know. */
export async function gather(
  deps: GatherDeps,
  facts: Facts,
  signal: AbortSignal,
  settled?: Settled,
): Promise<Gathered> {
  const { locale, clock } = deps;
  const matched = settled?.match ?? recognise(facts);
  const family = matched?.family.id ?? '';
  const subject = subjectOf(toldOf(facts)[0] ?? facts.incident);
  const about = { facts, family, subject, startedAt: startOf(facts), now: clock.now(), locale };
  const [known, found] = await Promise.all([recall(deps.ports, facts, family), deps.collect(about, signal)]);
  const collected = settled === undefined ? found : withNew(settled.collected, found);
  const secretless = createCleaning(deps.redact);
  const all = [
    ...alertEvidence(facts.alerts, locale, secretless.clean),
    ...(matched === undefined ? [] : [ruleEvidence(matched, locale, clock.now())]),
    ...collected,
    ...similarEvidence(known.similar, locale),
  ];
  // Before anything is cut: half a secret is not recognised any more.
  const findings = deps.fit(all.map(secretless.finding), planFor(family, subject).logWords);
  const { evidence, redacted } = numbered(findings, deps.redact);
  const pack = packOf(facts, evidence, known.similar, locale, matched);
  return { pack, memory: memoryOf(pack, known), redacted: redacted + secretless.redacted(), collected };
}

/** The second answers that the first ones do not have; a source that answered once need not answer again. */
function withNew(known: readonly Finding[], found: readonly Finding[]): readonly Finding[] {
  const keyOf = ({ source, title, query = '' }: Finding): string => `${source}\t${title}\t${query}`;
  const keys = new Set(known.map(keyOf));
  return [...known, ...found.filter((one) => one.failed !== true && !keys.has(keyOf(one)))];
}

/** The same from evidence that was stored before: nothing is asked of any source again. */
export async function regather(
  { ports, locale }: Pick<GatherDeps, 'ports' | 'locale'>,
  facts: Facts,
  { evidence, family }: Pick<Diagnosis, 'evidence' | 'family'>,
): Promise<Pick<Gathered, 'pack' | 'memory'>> {
  const told = recognise(facts);
  const matched = told?.family.id === family ? told : matchOf(family);
  const known = await recall(ports, facts, family);
  const pack = packOf(facts, evidence, known.similar, locale, matched);
  return { pack, memory: memoryOf(pack, known) };
}

type Known = Pick<Memory, 'tokens' | 'similar' | 'verdicts'>;

async function recall(ports: GatherDeps['ports'], { incident }: Facts, family: string): Promise<Known> {
  const tokens = tokensOf(incident);
  const similar = await findSimilar(ports, tokens, family, incident.id);
  const [verdicts, corpus] = await Promise.all([
    ports.verdicts(
      family,
      incident.id,
      similar.map((one) => one.incident.id),
    ),
    ports.corpus([...new Set(tokens)]),
  ]);
  return { tokens, similar, verdicts: likest(tokens, incident.id, verdicts, corpus) };
}

const packOf = (
  facts: Facts,
  evidence: readonly Evidence[],
  similar: readonly Similar[],
  locale: Locale,
  matched: Match | undefined,
): EvidencePack => ({ ...facts, evidence, similar, locale, ...(matched === undefined ? {} : { matched }) });

const memoryOf = ({ incident, evidence, locale }: EvidencePack, known: Known): Memory => ({
  ...known,
  incidentId: incident.id,
  labels: incident.labels,
  // An item about a past incident names it as its query.
  evidenceOf: new Map(evidence.filter(({ source }) => source === 'incident').map(({ id, query }) => [query ?? '', id])),
  fallback: evidence.filter(({ source }) => source === 'alert' || source === 'rule').map(({ id }) => id),
  locale,
});

/** Gives findings their ids, cleaned of what nobody is to see. */
export function numbered(findings: readonly Finding[], redact: GatherDeps['redact']) {
  const { finding, redacted } = createCleaning(redact);
  const evidence = findings.map((one, index): Evidence => ({ id: `E${index + 1}`, ...finding(one) }));
  return { evidence, redacted: redacted() };
}

/** Takes secrets out of texts and whole findings, and counts them. */
function createCleaning(redact: GatherDeps['redact']) {
  let redacted = 0;
  const clean = (text: string): string => {
    const result = redact(text);
    redacted += result.count;
    return result.text;
  };
  const hasSecret = (url: string): boolean => {
    const { count } = redact(url);
    redacted += count;
    return count > 0;
  };
  const finding = ({ url, query, series, ...rest }: Finding): Finding => ({
    ...rest,
    title: clean(rest.title),
    text: clean(rest.text),
    ...(query === undefined ? {} : { query: clean(query) }),
    // An address without its secret leads nowhere.
    ...(url === undefined || hasSecret(url) ? {} : { url }),
    ...(series === undefined ? {} : { series: series.map((one) => ({ ...one, name: clean(one.name) })) }),
  });
  return { clean, finding, redacted: () => redacted };
}

const ruleEvidence = ({ family, by, found }: Match, locale: Locale, at: number): Finding => ({
  source: 'rule',
  title: `${GENERAL.rule[locale]}${locale === 'zh-CN' ? '：' : ': '}${KIND_NAMES[family.id]?.[locale] ?? family.id}`,
  query: `${family.id} (${by})`,
  text: found,
  at,
  relevance: 1,
});
