import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Running, startProgram } from './process.ts';
import type { RecordedCall } from './recorder.ts';

const SUPPORT = import.meta.dirname;

/** A recorder and a server under test on one data folder; the server may be killed and started again. */
export async function openFaultBench(environment: Readonly<Record<string, string>> = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'zhiban-fault-'));
  const recorder = await startProgram(join(SUPPORT, 'recorder.ts'), {}, { ready: /^recorder (\d+)$/m });
  const recorderUrl = `http://127.0.0.1:${recorder.port}`;
  let server: Running | undefined;

  const start = async (prefix: readonly string[] = []): Promise<Running> => {
    server = await startProgram(
      join(SUPPORT, 'recorder-main.ts'),
      {
        DATA_DIR: folder,
        PORT: '0',
        RECORDER_URL: recorderUrl,
        DEFAULT_TARGET: 'recorder:room-1',
        STORM_PER_MINUTE: '100000',
        LOG_LEVEL: 'warn',
        LOCALE: 'en-US',
        ...environment,
      },
      { prefix },
    );
    return server;
  };

  const current = (): Running => {
    if (server === undefined) throw new Error('the server was never started');
    return server;
  };

  const ask = async (path: string, body?: unknown): Promise<unknown> => {
    const response = await fetch(`${recorderUrl}${path}`, { method: 'POST', body: JSON.stringify(body ?? {}) });
    return response.json();
  };

  return {
    folder,
    start,
    current,
    url: () => `http://127.0.0.1:${current().port}`,
    orders: (orders: object) => ask('/orders', orders),
    forget: () => ask('/forget'),
    ledger: async () => (await ask('/ledger')) as readonly RecordedCall[],
    close: async () => {
      await server?.end('SIGKILL');
      await recorder.end('SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export type FaultBench = Awaited<ReturnType<typeof openFaultBench>>;

export type AlertState = 'firing' | 'resolved';

const alertBody = (name: string, status: AlertState, severity = 'critical') => ({
  version: '4',
  groupKey: `{}:{alertname="${name}"}`,
  receiver: 'zhiban',
  status,
  groupLabels: { alertname: name },
  commonLabels: {},
  alerts: [
    {
      status,
      labels: { alertname: name, severity },
      annotations: { summary: `${name} happened` },
      startsAt: '2026-11-22T00:00:00Z',
      endsAt: status === 'resolved' ? '2026-11-22T00:30:00Z' : '0001-01-01T00:00:00Z',
    },
  ],
});

/** What the sender knows: which states were answered with 200. It repeats what was not, as Alertmanager does. */
export function createSender(bench: Pick<FaultBench, 'url'>) {
  const acknowledged = new Map<string, AlertState>();
  const wanted = new Map<string, AlertState>();

  /** One try; true when it was acknowledged. */
  async function send(name: string, status: AlertState): Promise<boolean> {
    wanted.set(name, status);
    try {
      const response = await fetch(`${bench.url()}/api/alert`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(alertBody(name, status)),
        signal: AbortSignal.timeout(10_000),
      });
      await response.arrayBuffer();
      if (response.status !== 200) return false;
      acknowledged.set(name, status);
      return true;
    } catch {
      return false;
    }
  }

  /** Sends again whatever is not acknowledged in its wanted state. */
  async function settle(): Promise<void> {
    for (const [name, status] of wanted) {
      for (let tries = 0; acknowledged.get(name) !== status; tries += 1) {
        if (tries > 50) throw new Error(`${name} was never acknowledged`);
        if (!(await send(name, status))) await sleep(100);
      }
    }
  }

  return { send, settle, acknowledged };
}

/** The last state each card was brought to, by the recorder's own ledger. */
export function lastTones(calls: readonly RecordedCall[]): Map<string, string> {
  const tones = new Map<string, string>();
  for (const call of calls) {
    if (call.verb !== 'send' && (call.outcome === 'accepted' || call.outcome === 'repeated')) {
      tones.set(call.incidentId, call.tone);
    }
  }
  return tones;
}

/** Which incident shows an alert, by the words on its card. */
export const incidentOf = (calls: readonly RecordedCall[], name: string): string | undefined =>
  calls.find((call) => call.verb !== 'send' && call.title.includes(name))?.incidentId;

/** Waits until `isDone` holds, looking every 50 ms. */
export async function until(what: string, isDone: () => Promise<boolean> | boolean, timeoutMs = 30_000): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!(await isDone())) {
    if (Date.now() > deadline) throw new Error(`not within ${timeoutMs} ms: ${what}`);
    await sleep(50);
  }
}
