import type { Log } from '../telemetry/log.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import type { Diagnosis } from './diagnosis.ts';
import { digestOf } from './digest.ts';
import { type GatherDeps, gather } from './gather.ts';
import { matchOf } from './match.ts';
import { applyVerdicts } from './memory.ts';
import type { DiagnosePorts, Facts } from './ports.ts';
import type { Draft, EvidencePack, Provider } from './provider.ts';

export interface DiagnoserDeps extends GatherDeps {
  readonly ports: DiagnosePorts;
  /** The rules: always there, at once. */
  readonly provider: Provider;
  readonly metrics: Pick<Metrics, 'diagnosisSeconds'>;
  readonly log: Log;
  /** Whether a model will be asked afterwards. */
  readonly modelsAsked: () => boolean;
}

/**
 * The first half of diagnosing: evidence, what the rules make of it, what people said before; stored at once, so that
 * no card waits for a model. Where models are configured, storing it makes the second half due.
 */
export function createDiagnoser(deps: DiagnoserDeps) {
  return {
    /** What alerts that belong to no incident probably mean; stores nothing and asks no source and no model. */
    examine: async (facts: Facts, signal: AbortSignal): Promise<Diagnosis> => ({
      id: '',
      ...(await diagnose({ ...deps, collect: nothing, modelsAsked: () => false }, facts, signal)),
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

const nothing = async () => [];

async function diagnose(deps: DiagnoserDeps, facts: Facts, signal: AbortSignal): Promise<Omit<Diagnosis, 'id'>> {
  const { provider, clock } = deps;
  const { gathered, draft: drafted } = await gatherSettled(deps, facts, signal);
  const { pack, memory, redacted } = gathered;
  const draft = applyVerdicts(drafted, memory);
  // Nothing is wrong: no model needs to be paid to say it again.
  const awaiting = draft.status !== 'not_an_issue' && deps.modelsAsked();
  const origin = {
    digest: digestOf(pack),
    ...(awaiting ? { awaiting } : {}),
    ...(redacted > 0 ? { redacted } : {}),
  };
  return {
    ...stored(draft, pack),
    provider: provider.name,
    promptVersion: provider.promptVersion,
    createdAt: clock.now(),
    origin,
  };
}

/** Of the second look, ms: the card has waited already. */
const AGAIN_MS = 8000;

/** Where the evidence tells of another kind of trouble than the alert did, what is worth asking about that is asked too. */
async function gatherSettled(deps: DiagnoserDeps, facts: Facts, signal: AbortSignal) {
  const gathered = await gather(deps, facts, signal);
  const draft = await deps.provider.diagnose(gathered.pack, signal);
  const { pack, collected } = gathered;
  const match = draft.family === pack.matched?.family.id ? undefined : matchOf(draft.family);
  if (match === undefined || collected.length === 0) return { gathered, draft };
  const soon = AbortSignal.any([signal, AbortSignal.timeout(AGAIN_MS)]);
  const again = await gather(deps, facts, soon, { match, collected });
  return { gathered: again, draft: await deps.provider.diagnose(again.pack, signal) };
}

/** What of a draft and its evidence is kept, whoever made it. */
export const stored = (draft: Draft, { incident, evidence }: EvidencePack) => ({
  incidentId: incident.id,
  status: draft.status,
  family: draft.family,
  summary: draft.summary,
  causes: draft.causes,
  steps: draft.steps,
  evidence,
  confidence: draft.causes[0]?.confidence ?? 0,
  ...(draft.severityOpinion === undefined ? {} : { severityOpinion: draft.severityOpinion }),
});
