import { type Config, readConfig } from '../../../src/config.ts';
import { createAttempts } from '../../../src/http/attempts.ts';
import { createHttp } from '../../../src/http/http.ts';
import { createPeers } from '../../../src/http/peer.ts';
import type { AcceptAlerts, Accepted } from '../../../src/incident/ports.ts';
import { type Log, createLog } from '../../../src/telemetry/log.ts';
import { createMetrics } from '../../../src/telemetry/metrics.ts';

/** What an accepting port answers that decides nothing. */
export const CONSTANT: Accepted = {
  // The one place that makes ids is behind the port that is left out here.
  incidents: [{ id: 'INC-20261122-001' as never, status: 'open', created: true }],
};

/** Serves the product's own entrance (proof, parsing, answer, log, metrics) before the given accepting port, until SIGTERM. */
export async function serveEntrance(
  makeAccept: (config: Config, log: Log) => AcceptAlerts | Promise<AcceptAlerts>,
): Promise<void> {
  const config = readConfig(process.env);
  const log = createLog(config.LOG_LEVEL, config.secrets);
  const clock = { now: () => Date.now() };
  const http = createHttp({
    config,
    clock,
    attempts: createAttempts(clock, createPeers(config.TRUST_PROXY, config.ALLOWED_IPS)),
    log,
    metrics: createMetrics(),
    accept: await makeAccept(config, log),
    findTarget: async () => undefined,
    findIntegration: async () => undefined,
    hasSession: () => false,
    readiness: async () => [],
    mounts: [],
  });
  const { port } = await http.listen(config.HOST, config.PORT);
  process.stdout.write(`ready ${port}\n`);
  process.on('SIGTERM', () => process.exit(0));
}
