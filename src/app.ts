import { createAccounting } from './app/accounting.ts';
import { createAssistantParts } from './app/assistant.ts';
import { createChannels } from './app/channels.ts';
import { createReconciler } from './app/delivery.ts';
import { createDiagnosis } from './app/diagnosis.ts';
import { createEvidence, readMcp } from './app/evidence.ts';
import { watchOpenIncidents } from './app/gauges.ts';
import { createHints } from './app/hints.ts';
import { createJobs } from './app/jobs.ts';
import { createEntrance } from './app/entrance.ts';
import { environmentModels } from './app/models.ts';
import { createOperations } from './app/operations.ts';
import { createSecrets } from './app/secrets.ts';
import { seedPlayground } from './app/seed.ts';
import { type Storage, openStorage } from './app/storage.ts';
import type { Channel } from './channels/channel.ts';
import type { Config } from './config.ts';
import { createRunbooks } from './diagnose/evidence/runbooks/runbooks.ts';
import type { Part } from './http/ports.ts';
import { createChanges } from './store/changes.ts';
import { type Service, background, createLifecycle, exitBroken } from './lifecycle.ts';
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
  const edges = options.edges ?? REAL;
  const mcp = readMcp(config);
  const environment = environmentModels(config.models, edges);
  const secrets = createSecrets([...config.secrets, ...mcp.secrets]);
  const log = options.log ?? createLog(config.LOG_LEVEL, secrets.all);
  const metrics = createMetrics();
  for (const warning of config.warnings) log.warn({ action: 'config_warning' }, warning);
  const onLost = options.onLost ?? (() => exitBroken(log));
  const hints = createHints();
  const storage = await openStorage({ config, edges, log, announce: hints.announce, onLost });
  const channels = createChannels({ config, edges, log, metrics, storage }, options.channels ?? []);
  const report = (problem: string) =>
    log.warn({ action: 'runbook_problem', problem }, 'a runbook cannot be used as it is');
  const runbooks = createRunbooks({ folder: config.RUNBOOKS_DIR, clock: edges.clock, report });
  const changes = createChanges({ ...storage, write: storage.committer.write, clock: edges.clock });
  const evidence = createEvidence({ config, edges, log, changes, runbooks, mcp });
  const accounting = createAccounting({ config, edges, log, metrics, storage });
  const common = { config, edges, log, metrics, storage, secrets, accounting };
  const diagnosis = await createDiagnosis({ ...common, runbooks, environment, evidence });
  const { examine, providers } = diagnosis;
  const shared = { ...common, channels: channels.byName };
  const usage = accounting.usage(() => providers.models().map(({ name }) => name));
  const assistant = await createAssistantParts({ ...shared, runbooks, changes, evidence, diagnosis });
  const operations = createOperations({ ...shared, examine, runbooks, usage, assistant });
  await seedPlayground(storage.database, storage.committer.write, operations.ports);

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
  let port = config.PORT;
  const listening: Service = {
    name: 'http',
    start: async () => {
      ({ port } = await entrance.listen(config.HOST, config.PORT));
    },
    stop: entrance.close,
  };
  const services = [
    databaseService(storage),
    background('delivery', delivery.run),
    background('jobs', jobs.run),
    listening,
    ...(lark?.services ?? []),
  ];
  const { start, stop } = createLifecycle(services, log);
  return {
    log,
    metrics,
    start: async () => {
      await start();
      return { port };
    },
    stop,
    greeting: async (taken) => greetingOf(config, taken, await entrance.readiness(config.LOCALE)),
  };
}

/** Open since `createApp`; stopped last, when nothing writes any more. */
const databaseService = ({ committer, database }: Storage): Service => ({
  name: 'database',
  start: async () => undefined,
  stop: async () => {
    await committer.drain();
    await database.close();
  },
});

/** The address, who may come in, and what is not as it should be. */
function greetingOf({ LOCALE, HOST, ADMIN_TOKEN }: Config, port: number, parts: readonly Part[]): readonly string[] {
  const url = `http://${HOST === '0.0.0.0' || HOST === '::' ? 'localhost' : HOST}:${port}`;
  const zh = LOCALE === 'zh-CN';
  const loopback = zh
    ? '未设置 ADMIN_TOKEN：控制台只对本机开放'
    : 'ADMIN_TOKEN is not set: the console is open to this machine only';
  return [
    zh ? `值班已就绪：${url}/playground` : `Zhiban is ready: ${url}/playground`,
    ...(ADMIN_TOKEN === undefined ? [loopback] : []),
    ...parts.filter(({ ok }) => !ok).map(({ name, reason }) => `! ${name}: ${reason}`),
  ];
}
