import { readConfig } from '../../../src/config.ts';
import { createHttp } from '../../../src/http/http.ts';
import type { Accepted } from '../../../src/incident/ports.ts';
import { createLog } from '../../../src/telemetry/log.ts';
import { createMetrics } from '../../../src/telemetry/metrics.ts';

/** The same entrance as the server's, with nothing behind it: the accepting port answers a constant. */
const config = readConfig(process.env);
const ACCEPTED: Accepted = {
  // The one place that makes ids is behind the port that is left out here.
  incidents: [{ id: 'INC-20261122-001' as never, status: 'open', created: true }],
};
const http = createHttp({
  config,
  clock: { now: () => Date.now() },
  log: createLog(config.LOG_LEVEL, config.secrets),
  metrics: createMetrics(),
  accept: async () => ACCEPTED,
  findTarget: async () => undefined,
  findIntegration: async () => undefined,
  hasSession: () => false,
  readiness: async () => [],
  mounts: [],
});
const { port } = await http.listen(config.HOST, config.PORT);
process.stdout.write(`ready ${port}\n`);
process.on('SIGTERM', () => process.exit(0));
