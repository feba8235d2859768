import type { Config } from '../config.ts';
import { createDiagnoser } from '../diagnose/diagnose.ts';
import { createIndexer } from '../diagnose/indexing.ts';
import type { KnownAlert } from '../diagnose/ports.ts';
import { createRules } from '../diagnose/providers/rules.ts';
import type { Alert } from '../incident/alert.ts';
import type { OperationPorts } from '../operations/ports.ts';
import { createDiagnoses } from '../store/diagnoses.ts';
import { createSearch } from '../store/search.ts';
import type { Log } from '../telemetry/log.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import type { Edges, EpochMs } from '../types.ts';
import type { Storage } from './storage.ts';

export interface DiagnosisDeps {
  readonly config: Config;
  readonly edges: Edges;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly storage: Storage;
}

/** Somebody waits for the answer, so it is not given long. */
const EXAMINE_MS = 5000;

/** The diagnoser with its memory, for the jobs and for people who ask. */
export function createDiagnosis({ config, edges, log, metrics, storage }: DiagnosisDeps) {
  const { database, committer, respondIn } = storage;
  const { write } = committer;
  const ports = { ...createDiagnoses({ database, write, respondIn }), ...createSearch({ database, write }) };
  const provider = createRules();
  const diagnoser = createDiagnoser({
    ports,
    provider,
    collect: async () => [],
    fit: (findings) => findings,
    redact: (text) => ({ text, count: 0 }),
    modelsAsked: () => false,
    clock: edges.clock,
    log,
    metrics,
    locale: config.LOCALE,
  });
  const examine: OperationPorts['examine'] = (alerts, now) =>
    diagnoser.examine(factsOf(alerts, now), AbortSignal.timeout(EXAMINE_MS));
  return { diagnose: diagnoser.run, index: createIndexer({ ports }).run, examine };
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
