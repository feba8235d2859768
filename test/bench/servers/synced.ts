import { once } from 'node:events';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { readConfig } from '../../../src/config.ts';
import { createHttp } from '../../../src/http/http.ts';
import type { Accepted, Arrival } from '../../../src/incident/ports.ts';
import { createLog } from '../../../src/telemetry/log.ts';
import { createMetrics } from '../../../src/telemetry/metrics.ts';

/** The same entrance before the least that can be called durable: a row and a synced commit, in a thread. */
const config = readConfig(process.env);
const ACCEPTED: Accepted = {
  // The one place that makes ids is behind the port that is left out here.
  incidents: [{ id: 'INC-20261122-001' as never, status: 'open', created: true }],
};
const thread = new Worker(join(import.meta.dirname, 'synced-thread.ts'), { workerData: config.DATA_DIR });
let waiting: { readonly body: string; readonly answer: (accepted: Accepted) => void }[] = [];
let storing = false;

async function store(): Promise<void> {
  if (storing) return;
  storing = true;
  while (waiting.length > 0) {
    const batch = waiting;
    waiting = [];
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker, not a window
    thread.postMessage(batch.map(({ body }) => body));
    await once(thread, 'message');
    for (const { answer } of batch) answer(ACCEPTED);
  }
  storing = false;
}

const http = createHttp({
  config,
  clock: { now: () => Date.now() },
  log: createLog(config.LOG_LEVEL, config.secrets),
  metrics: createMetrics(),
  accept: (arrival: Arrival) =>
    new Promise((resolve) => {
      waiting.push({ body: JSON.stringify(arrival), answer: resolve });
      void store();
    }),
  findTarget: async () => undefined,
  findIntegration: async () => undefined,
  hasSession: () => false,
  readiness: async () => [],
  mounts: [],
});
const { port } = await http.listen(config.HOST, config.PORT);
process.stdout.write(`ready ${port}\n`);
process.on('SIGTERM', () => process.exit(0));
