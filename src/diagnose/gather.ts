import type { Log } from '../telemetry/log.ts';
import type { Clock, EpochMs, Locale } from '../types.ts';
import type { Evidence } from './diagnosis.ts';
import { alertEvidence } from './evidence/alert.ts';
import { planFor } from './evidence/plans.ts';
import { similarEvidence } from './evidence/similar.ts';
import type { About, Finding } from './evidence/source.ts';
import { recognise, toldOf } from './facts.ts';
import type { Match } from './match.ts';
import type { Memory } from './memory.ts';
import { likest } from './memory/likest.ts';
import type { DiagnosePorts, Facts } from './ports.ts';
import type { EvidencePack } from './provider.ts';
import { GENERAL } from './rules/general.ts';
import { type Similar, findSimilar } from './similar.ts';
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
}

/** Looks everything up and numbers it: past incidents, what the alerts say, what the sources know. */
export async function gather(deps: GatherDeps, facts: Facts, signal: AbortSignal): Promise<Gathered> {
  const { locale, clock } = deps;
  const matched = recognise(facts);
  const family = matched?.family.id ?? '';
  const subject = subjectOf(toldOf(facts)[0] ?? facts.incident);
  const about = { facts, family, subject, startedAt: startOf(facts), now: clock.now(), locale };
  const [known, collected] = await Promise.all([recall(deps.ports, facts, family), deps.collect(about, signal)]);
  const all = [
    ...alertEvidence(facts.alerts, locale),
    ...(matched === undefined ? [] : [ruleEvidence(matched, locale, clock.now())]),
    ...collected,
    ...similarEvidence(known.similar, locale),
  ];
  const findings = deps.fit(all, planFor(family, subject).logWords);
  const { evidence, redacted } = numbered(findings, deps.redact);
  const pack = packOf(facts, evidence, known.similar, locale, matched);
  return { pack, memory: memoryOf(pack, known), redacted };
}

/** The same from evidence that was stored before: nothing is asked of any source again. */
export async function regather(
  { ports, locale }: Pick<GatherDeps, 'ports' | 'locale'>,
  facts: Facts,
  evidence: readonly Evidence[],
): Promise<Omit<Gathered, 'redacted'>> {
  const matched = recognise(facts);
  const known = await recall(ports, facts, matched?.family.id ?? '');
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

const DAY_MS = 24 * 3_600_000;
const MINUTE_MS = 60_000;

/** When the first alert says that it began; a clock that is a day off is not believed. */
function startOf({ incident, alerts }: Facts): EpochMs {
  const { openedAt } = incident;
  const told = alerts
    .flatMap(({ startsAt }) => (startsAt === undefined ? [] : [startsAt]))
    .filter((at) => at > openedAt - DAY_MS && at <= openedAt + MINUTE_MS);
  return Math.min(openedAt, ...told);
}

/** Gives findings their ids, cleaned of what nobody is to see. */
export function numbered(findings: readonly Finding[], redact: GatherDeps['redact']) {
  let redacted = 0;
  const clean = (text: string): string => {
    const result = redact(text);
    redacted += result.count;
    return result.text;
  };
  const evidence = findings.map((finding, index): Evidence => ({
    id: `E${index + 1}`,
    ...finding,
    title: clean(finding.title),
    text: clean(finding.text),
    ...(finding.query === undefined ? {} : { query: clean(finding.query) }),
  }));
  return { evidence, redacted };
}

const ruleEvidence = ({ family, by, found }: Match, locale: Locale, at: number): Finding => ({
  source: 'rule',
  title: `${GENERAL.rule[locale]}: ${family.id}`,
  query: `${family.id} (${by})`,
  text: found,
  at,
  relevance: 1,
});
