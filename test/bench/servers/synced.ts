import { once } from 'node:events';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { AcceptAlerts, Accepted } from '../../../src/incident/ports.ts';
import { CONSTANT, serveEntrance } from './entrance.ts';

/** The same entrance before the least that can be called durable: a row and a synced commit, in a thread. */
await serveEntrance(({ DATA_DIR }) => createSyncedRows(DATA_DIR));

function createSyncedRows(folder: string): AcceptAlerts {
  const thread = new Worker(join(import.meta.dirname, 'synced-thread.ts'), { workerData: folder });
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
      for (const { answer } of batch) answer(CONSTANT);
    }
    storing = false;
  }

  return (arrival) =>
    new Promise((resolve) => {
      waiting.push({ body: JSON.stringify(arrival), answer: resolve });
      void store();
    });
}
