import type { Log } from '../telemetry/log.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import type { Clock, Locale } from '../types.ts';
import type { Diagnosis, Evidence } from './diagnosis.ts';
import { alertEvidence } from './evidence/alert.ts';
import { similarEvidence } from './evidence/similar.ts';
import type { Finding } from './evidence/source.ts';
import { recognise } from './facts.ts';
import type { Match } from './match.ts';
import { applyVerdicts } from './memory.ts';
import type { DiagnosePorts, Facts } from './ports.ts';
import type { Draft, EvidencePack, Provider } from './provider.ts';
import { GENERAL } from './rules/general.ts';
import { type Similar, findSimilar } from './similar.ts';
import { tokensOf } from './tokens.ts';

export interface DiagnoserDeps {
  readonly ports: DiagnosePorts;
  readonly provider: Provider;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Pick<Metrics, 'diagnosisSeconds'>;
  /** The language a diagnosis is written in: one incident may be shown in chats of several. */
  readonly locale: Locale;
}

/** Diagnoses incidents: evidence, the provider's draft, what people said before, one stored result. */
export function createDiagnoser(deps: DiagnoserDeps) {
  return {
    /** What alerts that belong to no incident probably mean; stores nothing. */
    examine: async (facts: Facts, signal: AbortSignal): Promise<Diagnosis> => ({
      id: '',
      ...(await diagnose(deps, facts, signal)),
    }),
    /**
     * Called by the loop of due rows of kind `diagnose`, under its lease. No transaction is open while it works.
     * Does nothing for an incident that is gone; rejects when reading or storing fails, and the row is tried again.
     */
    run: async (incidentId: string, signal: AbortSignal): Promise<void> => {
      const startedAt = performance.now();
      const facts = await deps.ports.facts(incidentId);
      if (facts === undefined) return;
      const diagnosis = await diagnose(deps, facts, signal);
      signal.throwIfAborted();
      await deps.ports.record(diagnosis);
      const seconds = (performance.now() - startedAt) / 1000;
      deps.metrics.diagnosisSeconds.observe({ provider: diagnosis.provider }, seconds);
      const { provider, family, status, confidence } = diagnosis;
      deps.log.info(
        { action: 'diagnosed', incident_id: incidentId, provider, family, status, confidence },
        'diagnosis stored',
      );
    },
  };
}

async function diagnose(deps: DiagnoserDeps, facts: Facts, signal: AbortSignal): Promise<Omit<Diagnosis, 'id'>> {
  const { ports, provider, clock, locale } = deps;
  const { incident } = facts;
  const matched = recognise(facts);
  const family = matched?.family.id ?? '';
  const tokens = tokensOf(incident);
  const [similar, verdicts] = await Promise.all([
    findSimilar(ports, tokens, family, incident.id),
    ports.verdicts(family, incident.id),
  ]);
  const now = clock.now();
  const evidence = numbered([
    ...alertEvidence(facts.alerts, locale),
    ...(matched === undefined ? [] : [ruleEvidence(matched, locale, now)]),
    ...similarEvidence(similar, locale),
  ]);
  const pack: EvidencePack = { ...facts, evidence, similar, locale, ...(matched === undefined ? {} : { matched }) };
  const draft = await provider.diagnose(pack, signal);
  const fallback = evidence.filter(({ source }) => source !== 'incident').map(({ id }) => id);
  const memory = {
    incidentId: incident.id,
    tokens,
    verdicts,
    similar,
    evidenceOf: evidenceOf(evidence, similar),
    fallback,
    locale,
  };
  return stored(applyVerdicts(draft, memory), { incidentId: incident.id, provider, evidence, createdAt: now });
}

interface Around {
  readonly incidentId: string;
  readonly provider: Provider;
  readonly evidence: readonly Evidence[];
  readonly createdAt: number;
}

const stored = (draft: Draft, { incidentId, provider, evidence, createdAt }: Around): Omit<Diagnosis, 'id'> => ({
  incidentId,
  status: draft.status,
  provider: provider.name,
  promptVersion: provider.promptVersion,
  family: draft.family,
  summary: draft.summary,
  causes: draft.causes,
  steps: draft.steps,
  evidence,
  confidence: draft.causes[0]?.confidence ?? 0,
  createdAt,
});

const numbered = (findings: readonly Finding[]): readonly Evidence[] =>
  findings.map((finding, index) => ({ id: `E${index + 1}`, ...finding }));

const ruleEvidence = ({ family, by, found }: Match, locale: Locale, at: number): Finding => ({
  source: 'rule',
  title: `${GENERAL.rule[locale]}: ${family.id}`,
  query: `${family.id} (${by})`,
  text: found,
  at,
});

/** Items about past incidents come last and in the order of `similar`. */
function evidenceOf(evidence: readonly Evidence[], similar: readonly Similar[]): ReadonlyMap<string, string> {
  const items = evidence.filter(({ source }) => source === 'incident');
  return new Map(items.map(({ id }, index) => [similar[index]?.incident.id ?? '', id]));
}
