import { openStorage } from '../../../src/app/storage.ts';
import { readConfig } from '../../../src/config.ts';
import { createHttp } from '../../../src/http/http.ts';
import { createLog } from '../../../src/telemetry/log.ts';
import { createMetrics } from '../../../src/telemetry/metrics.ts';

/** Entrance and storage, without delivery or diagnosis: what the promise to lose nothing costs by itself. */
const config = readConfig(process.env);
const log = createLog(config.LOG_LEVEL, config.secrets);
const edges = { clock: { now: () => Date.now() }, random: Math.random, fetch };
const storage = await openStorage({ config, edges, log, announce: () => undefined, onLost: () => process.exit(1) });
const http = createHttp({
  config,
  clock: edges.clock,
  log,
  metrics: createMetrics(),
  accept: storage.committer.accept,
  findTarget: async () => undefined,
  findIntegration: async () => undefined,
  hasSession: () => false,
  readiness: async () => [],
  mounts: [],
});
const { port } = await http.listen(config.HOST, config.PORT);
process.stdout.write(`ready ${port}\n`);
process.on('SIGTERM', () => process.exit(0));
