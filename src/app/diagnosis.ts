import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Config } from '../config.ts';
import { createAskModel } from '../diagnose/ask-model.ts';
import { type Chain, createChain } from '../diagnose/chain/chain.ts';
import { createDiagnoser } from '../diagnose/diagnose.ts';
import { fit } from '../diagnose/evidence/budget.ts';
import type { Runbooks } from '../diagnose/evidence/runbooks/runbooks.ts';
import { createFeedback } from '../diagnose/feedback.ts';
import type { GatherDeps } from '../diagnose/gather.ts';
import { createIndexer } from '../diagnose/indexing.ts';
import { createFormats } from '../diagnose/model-formats.ts';
import type { KnownAlert } from '../diagnose/ports.ts';
import { type Prompt, loadPrompt } from '../diagnose/prompt.ts';
import { createRules } from '../diagnose/providers/rules.ts';
import { createRedactor } from '../diagnose/redact/redactor.ts';
import { createSecondHalf } from '../diagnose/second-half.ts';
import { createInStorm } from '../diagnose/storm/in-storm.ts';
import { createStormDiagnoser } from '../diagnose/storm/storm.ts';
import type { Alert } from '../incident/alert.ts';
import type { OperationPorts } from '../operations/ports.ts';
import { createDiagnoses } from '../store/diagnoses.ts';
import { createProviderRows } from '../store/providers.ts';
import { createSearch } from '../store/search.ts';
import { createSecondHalves } from '../store/second-halves.ts';
import { createStormDiagnoses } from '../store/storm-diagnoses.ts';
import { createToldBy } from '../store/told-by.ts';
import type { Log } from '../telemetry/log.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import type { Edges, EpochMs, Locale } from '../types.ts';
import type { Accounting } from './accounting.ts';
import type { createEvidence } from './evidence.ts';
import type { Configured } from './models.ts';
import { createProviders } from './providers.ts';
import type { Storage } from './storage.ts';

export interface DiagnosisDeps {
  readonly config: Config;
  readonly edges: Edges;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly storage: Storage;
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
  const { config, edges, log, metrics, storage, runbooks, evidence, accounting } = deps;
  const { clock } = edges;
  const { database, committer, respondIn } = storage;
  const base = { database, write: committer.write, respondIn };
  const ports = { ...createDiagnoses(base), ...createSearch(base), ...createSecondHalves(base) };
  const formats = createFormats({ clock });
  const providers = createProviders({
    config,
    environment: deps.environment,
    rows: createProviderRows({ ...base, clock, sealer: storage.sealer }),
    edges,
    onChange: (name) => {
      asking.forgive(name);
      formats.forget(name);
    },
    states: () => asking.states(),
  });
  const shown = createRedactor({ secrets: config.secrets, policy: 'full' });
  const fitted: GatherDeps['fit'] = (findings, words) => fit(findings, EVIDENCE_TOKENS, words);
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
  const asking = createChain({
    models: providers.models,
    clock,
    random: edges.random,
    log,
    metrics,
    onOpen: (opening) => void accounting.breakerOpened(opening),
  });
  for (const name of await providers.unknown())
    log.warn({ action: 'config_warning' }, `LLM_PROVIDERS names ${name}, which no provider is called`);
  const chain: Chain = {
    ...asking,
    ask: async (...question) => {
      await providers.refresh();
      return asking.ask(...question);
    },
  };
  const askModel = createAskModel({
    prompts: await promptsOf('diagnose'),
    runbooks: async (facts) => (await runbooks.forIncident(facts)).map(({ runbook }) => runbook),
    redactor: createRedactor({ secrets: config.secrets, policy: config.LLM_DATA_POLICY }),
    shown: (text) => shown.redact(text).text,
    policy: config.LLM_DATA_POLICY,
    nonce: () => randomBytes(9).toString('hex'),
    formats,
    metered: accounting.metered,
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
    askModels: second.run,
    diagnoseStorm: async (stormId: string, signal: AbortSignal): Promise<void> => {
      await providers.refresh();
      await storms.run(stormId, signal);
    },
    feedback: createFeedback({ models: providers.models, redact: (text) => shown.redact(text).text, log }),
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

const promptsOf = async (name: 'diagnose'): Promise<Readonly<Record<Locale, Prompt>>> => ({
  'zh-CN': await loadPrompt(name, 1, 'zh-CN'),
  'en-US': await loadPrompt(name, 1, 'en-US'),
});

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
