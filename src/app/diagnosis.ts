import { setTimeout as sleep } from 'node:timers/promises';
import { createDiagnoser } from '../diagnose/diagnose.ts';
import { fit } from '../diagnose/evidence/budget.ts';
import type { Runbooks } from '../diagnose/evidence/runbooks/runbooks.ts';
import { createFeedback } from '../diagnose/feedback.ts';
import type { GatherDeps } from '../diagnose/gather.ts';
import { createIndexer } from '../diagnose/indexing.ts';
import { createRules } from '../diagnose/providers/rules.ts';
import { createRedactor } from '../diagnose/redact/redactor.ts';
import { createSecondHalf } from '../diagnose/second-half.ts';
import { createInStorm } from '../diagnose/storm/in-storm.ts';
import { createStormDiagnoser } from '../diagnose/storm/storm.ts';
import { createDiagnoses } from '../store/diagnoses.ts';
import { createSearch } from '../store/search.ts';
import { createSecondHalves } from '../store/second-halves.ts';
import { createStormDiagnoses } from '../store/storm-diagnoses.ts';
import { createToldBy } from '../store/told-by.ts';
import type { Accounting } from './accounting.ts';
import { createAsking } from './asking.ts';
import { capacityOf } from './capacity.ts';
import type { createEvidence } from './evidence.ts';
import { createExamine } from './examine.ts';
import type { Ground } from './ground.ts';
import type { Configured } from './models.ts';
import type { Secrets } from './secrets.ts';

export interface DiagnosisDeps extends Ground {
  readonly secrets: Secrets;
  readonly runbooks: Runbooks;
  readonly accounting: Pick<Accounting, 'metered' | 'afford' | 'breakerOpened'>;
  /** Models that the environment configures. */
  readonly environment: readonly Configured[];
  readonly evidence: Pick<ReturnType<typeof createEvidence>, 'collect'>;
}

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
    ...capacityOf(providers.models),
    chain,
    providers,
    index: createIndexer({ ports }).run,
    examine: createExamine(diagnoser),
  };
}
