import { createAccounting } from './app/accounting.ts';
import { createAssistantParts } from './app/assistant.ts';
import { createChannels } from './app/channels.ts';
import { createReconciler } from './app/delivery.ts';
import { createDiagnosis } from './app/diagnosis.ts';
import { createEvidence, readMcp } from './app/evidence.ts';
import { watchOpenIncidents } from './app/gauges.ts';
import { greetingOf } from './app/greeting.ts';
import { createHints } from './app/hints.ts';
import { createJobs } from './app/jobs.ts';
import { createEntrance } from './app/entrance.ts';
import { environmentModels } from './app/models.ts';
import { createOperations } from './app/operations.ts';
import { createSecrets } from './app/secrets.ts';
import { seedPlayground } from './app/seed.ts';
import { createServices } from './app/services.ts';
import { openStorage } from './app/storage.ts';
import type { Channel } from './channels/channel.ts';
import type { Config } from './config.ts';
import { createRunbooks } from './diagnose/evidence/runbooks/runbooks.ts';
import { createChanges } from './store/changes.ts';
import { exitBroken } from './lifecycle.ts';
import { type Log, createLog } from './telemetry/log.ts';
import { type Metrics, createMetrics } from './telemetry/metrics.ts';
import type { Edges } from './types.ts';

export interface AppOptions {
  readonly edges?: Edges;
  readonly log?: Log;
  /** Channels besides those that the configuration names. */
  readonly channels?: readonly Channel[];
  /** Called when the storage is lost to this process; ends the process unless given. */
  readonly onLost?: () => void;
}

export interface App {
  readonly log: Log;
  readonly metrics: Metrics;
  /** Resolves once requests are taken. */
  start(): Promise<{ readonly port: number }>;
  /** Answers what was accepted, finishes what is leased, closes. */
  stop(): Promise<void>;
  /** What to tell a person at the terminal once it listens. */
  greeting(port: number): Promise<readonly string[]>;
}

const REAL: Edges = { clock: { now: () => Date.now() }, random: Math.random, fetch };

/** The composition root: the only file that knows every other one. */
export async function createApp(config: Config, options: AppOptions = {}): Promise<App> {
  const own = options.edges ?? REAL;
  const mcp = readMcp(config);
  const environment = environmentModels(config.models, own);
  const secrets = createSecrets([...config.secrets, ...mcp.secrets]);
  const log = options.log ?? createLog(config.LOG_LEVEL, secrets.all);
  const metrics = createMetrics();
  for (const warning of config.warnings) log.warn({ action: 'config_warning' }, warning);
  const onLost = options.onLost ?? (() => exitBroken(log));
  const hints = createHints();
  const storage = await openStorage({ config, edges: own, log, secrets, announce: hints.announce, onLost });
  const edges = { ...own, clock: storage.clock };
  const channels = createChannels({ config, edges, log, metrics, storage }, options.channels ?? []);
  const report = (problem: string) =>
    log.warn({ action: 'runbook_problem', problem }, 'a runbook cannot be used as it is');
  const runbooks = createRunbooks({ folder: config.RUNBOOKS_DIR, clock: edges.clock, report });
  const changes = createChanges({ ...storage, write: storage.committer.write, clock: edges.clock });
  const evidence = createEvidence({ config, edges, log, secrets, changes, runbooks, mcp });
  const accounting = createAccounting({ config, edges, log, metrics, storage });
  const common = { config, edges, log, metrics, storage, secrets, accounting };
  const diagnosis = await createDiagnosis({ ...common, runbooks, environment, evidence });
  const { examine, providers } = diagnosis;
  const shared = { ...common, channels: channels.byName };
  const usage = accounting.usage(() => providers.models().map(({ name }) => name));
  const assistant = await createAssistantParts({ ...shared, runbooks, changes, evidence, diagnosis });
  const operations = createOperations({ ...shared, examine, runbooks, usage, assistant });
  await seedPlayground(storage.database, storage.committer.write, { ...operations.ports, locale: config.LOCALE });

  watchOpenIncidents(storage.database, metrics);
  for (const channel of channels.byName.keys()) metrics.channelConnected.set({ channel }, 1);
  const lark = channels.lark?.listen(operations.receive, operations.ports.operators);

  const delivery = createReconciler(shared);
  const jobs = createJobs({ ...shared, delivery, diagnosis, answer: assistant.kind });
  hints.listen((hint) => {
    if (hint.kind === 'target') delivery.wake(hint.id);
    else if (hint.kind === 'due') jobs.wake(hint.id, hint.at);
    else channels.hub.publish({ incident: hint.id, revision: hint.revision });
  });

  const entrance = createEntrance({ ...common, channels, operations, providers, lark });
  const services = createServices({ config, log, storage, delivery, jobs, entrance, lark });
  return {
    log,
    metrics,
    ...services,
    greeting: async (taken) => greetingOf(config, taken, await entrance.readiness(config.LOCALE)),
  };
}
