import { setTimeout as sleep } from 'node:timers/promises';
import type { Config } from '../config.ts';
import { createDiagnoser } from '../diagnose/diagnose.ts';
import { fit } from '../diagnose/evidence/budget.ts';
import type { Runbooks } from '../diagnose/evidence/runbooks/runbooks.ts';
import { createFeedback } from '../diagnose/feedback.ts';
import type { GatherDeps } from '../diagnose/gather.ts';
import { createIndexer } from '../diagnose/indexing.ts';
import type { KnownAlert } from '../diagnose/ports.ts';
import { createRules } from '../diagnose/providers/rules.ts';
import { createRedactor } from '../diagnose/redact/redactor.ts';
import { createSecondHalf } from '../diagnose/second-half.ts';
import { createInStorm } from '../diagnose/storm/in-storm.ts';
import { createStormDiagnoser } from '../diagnose/storm/storm.ts';
import type { Alert } from '../incident/alert.ts';
import type { OperationPorts } from '../operations/ports.ts';
import { createDiagnoses } from '../store/diagnoses.ts';
import { createSearch } from '../store/search.ts';
import { createSecondHalves } from '../store/second-halves.ts';
import { createStormDiagnoses } from '../store/storm-diagnoses.ts';
import { createToldBy } from '../store/told-by.ts';
import type { Log } from '../telemetry/log.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import type { Edges, EpochMs } from '../types.ts';
import type { Accounting } from './accounting.ts';
import { createAsking } from './asking.ts';
import type { createEvidence } from './evidence.ts';
import type { Configured } from './models.ts';
import type { Secrets } from './secrets.ts';
import type { Storage } from './storage.ts';

export interface DiagnosisDeps {
  readonly config: Config;
  readonly edges: Edges;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly storage: Storage;
  readonly secrets: Secrets;
  readonly runbooks: Runbooks;
  readonly accounting: Pick<Accounting, 'metered' | 'afford' | 'breakerOpened'>;
  /** Models that the environment configures. */
  readonly environment: readonly Configured[];
  readonly evidence: Pick<ReturnType<typeof createEvidence>, 'collect'>;
}

/** Somebody waits for the answer, so it is not given long. */
const EXAMINE_MS = 5000;
/** What the evidence of one diagnosis may have, estimated tokens: all of it fits a remote model's prompt. */
const EVIDENCE_TOKENS = 12_000;

/** The diagnoser with its models and memory, for the jobs and for people who ask. */
export async function createDiagnosis(deps: DiagnosisDeps) {
  const { config, edges, log, metrics, storage, evidence, accounting } = deps;
  const { clock } = edges;
  const { database, committer, respondIn } = storage;
  const base = { database, write: committer.write, respondIn };
  const ports = { ...createDiagnoses(base), ...createSearch(base), ...createSecondHalves(base) };
  const shown = createRedactor({ secrets: deps.secrets.all, policy: 'full' });
  const fitted: GatherDeps['fit'] = (findings, words) => fit(findings, EVIDENCE_TOKENS, words);
  const shownText = (text: string): string => shown.redact(text).text;
  const { providers, chain, askModel } = await createAsking({ ...deps, shown: shownText });
  const modelsAsked = (): boolean => providers.models().length > 0;
  const diagnoser = createDiagnoser({
    ports,
    provider: createRules(),
    collect: evidence.collect,
    fit: fitted,
    redact: shown.redact,
    modelsAsked,
    clock,
    log,
    metrics,
    locale: config.LOCALE,
  });
  const { afford } = accounting;
  const asks = { chain, askModel, afford, clock, metrics, locale: config.LOCALE };
  const inStorm = createInStorm({ toldBy: createToldBy(database), sleep });
  const second = createSecondHalf({ ...asks, ports, inStorm });
  const storms = createStormDiagnoser({
    ...asks,
    ports: { ...ports, ...createStormDiagnoses({ ...base, clock }) },
    fit: fitted,
    redact: shown.redact,
    modelsAsked,
    log,
  });
  const examine: OperationPorts['examine'] = (alerts, now) =>
    diagnoser.examine(factsOf(alerts, now), AbortSignal.timeout(EXAMINE_MS));
  return {
    diagnose: async (incidentId: string, signal: AbortSignal): Promise<void> => {
      await providers.refresh();
      await diagnoser.run(incidentId, signal);
    },
    askModels: async (...work: Parameters<typeof second.run>) => {
      await providers.refresh();
      return second.run(...work);
    },
    diagnoseStorm: async (stormId: string, signal: AbortSignal, attempts: number): Promise<void> => {
      await providers.refresh();
      await storms.run(stormId, signal, attempts);
    },
    feedback: createFeedback({ models: providers.models, redact: shownText, log }),
    /** Slots of the loop that asks: each provider has its own besides. */
    slots: (): number =>
      Math.max(
        1,
        providers.models().reduce((sum, { concurrency }) => sum + concurrency, 0),
      ),
    /** What one turn through all of them can take, ms. */
    longestMs: (): number => providers.models().reduce((sum, { timeoutMs }) => sum + 3 * timeoutMs, 60_000),
    chain,
    providers,
    index: createIndexer({ ports }).run,
    examine,
  };
}

/** Alerts of no incident, as a diagnosis wants them: the first stands for the incident there is none of. */
function factsOf(alerts: readonly Alert[], now: EpochMs) {
  const known = alerts.map((alert, index): KnownAlert => ({ ...alert, id: `pasted-${index}`, receivedAt: now }));
  const [first] = alerts;
  const incident = {
    id: '',
    status: 'open',
    severity: first?.severity ?? 'warning',
    title: first?.title ?? '',
    summary: first?.summary ?? '',
    source: first?.source ?? '',
    integration: first?.integration ?? '',
    labels: first?.labels ?? {},
    openedAt: now,
  } as const;
  return { incident, alerts: known };
}
