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
    /** A call of `/api/v1`, as an administrator on this machine; throws unless it succeeds. */
    api: async <T>(method: string, path: string, body?: object): Promise<T> => {
      const response = await fetch(`http://127.0.0.1:${current().port}/api/v1${path}`, {
        method,
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const answer = (await response.json()) as { readonly message: string; readonly data: T };
      if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${answer.message}`);
      return answer.data;
    },
    close: async () => {
      await server?.end('SIGKILL');
      await recorder.end('SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export type FaultBench = Awaited<ReturnType<typeof openFaultBench>>;

export type AlertState = 'firing' | 'resolved';

type Labels = Readonly<Record<string, string>>;

/** What Alertmanager sends about a group: one alert for each set of labels, which join those that name the alert. */
export const groupBody = (name: string, status: AlertState, each: readonly Labels[] = [{}]) => ({
  version: '4',
  groupKey: `{}:{alertname="${name}"}`,
  receiver: 'zhiban',
  status,
  groupLabels: { alertname: name },
  commonLabels: {},
  alerts: each.map((labels) => ({
    status,
    labels: { alertname: name, severity: 'critical', ...labels },
    annotations: { summary: `${name} happened` },
    startsAt: '2026-11-22T00:00:00Z',
    endsAt: status === 'resolved' ? '2026-11-22T00:30:00Z' : '0001-01-01T00:00:00Z',
  })),
});

/** Posts a body of alerts and reads the answer to its end; the answer repeats `requestId`. */
export async function postAlerts(url: string, body: object, requestId?: string): Promise<Response> {
  const response = await fetch(`${url}/api/alert`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(requestId === undefined ? {} : { 'x-request-id': requestId }) },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(60_000),
  });
  await response.clone().arrayBuffer();
  return response;
}

/**
 * What the sender knows: which states were answered with 200. It repeats what was not, as Alertmanager does, and counts
 * nothing as told before its latest word was answered: a request that broke may have been stored or not.
 */
export function createSender(bench: Pick<FaultBench, 'url'>) {
  const acknowledged = new Map<string, AlertState>();
  const wanted = new Map<string, AlertState>();
  const unanswered = new Set<string>();

  /** One try; true when it was acknowledged. */
  async function send(name: string, status: AlertState, labels: Labels = {}): Promise<boolean> {
    wanted.set(name, status);
    unanswered.add(name);
    try {
      const response = await postAlerts(bench.url(), groupBody(name, status, [labels]));
      if (response.status !== 200) return false;
      acknowledged.set(name, status);
      unanswered.delete(name);
      return true;
    } catch {
      return false;
    }
  }

  /** Sends again whatever was not answered in its latest state; resolves to how many those were. */
  async function settle(): Promise<number> {
    const again = [...unanswered];
    for (const name of again) {
      for (let tries = 0; unanswered.has(name); tries += 1) {
        if (tries > 50) throw new Error(`${name} was never acknowledged`);
        if (!(await send(name, wanted.get(name) ?? 'firing'))) await sleep(100);
      }
    }
    return again.length;
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

/** A room of the recorder that gets what carries the label `room`; made as an administrator makes it. Resolves to the target's id. */
export async function bindRoom(bench: FaultBench, room: string): Promise<string> {
  const { id } = await bench.api<{ readonly id: string }>('POST', '/targets', {
    name: room,
    address: `recorder:${room}`,
  });
  const matchers = [{ name: 'room', op: '=', value: room }];
  await bench.api('POST', '/bindings', { target_id: id, matchers });
  return id;
}

/** Calls that showed a card of this alert in this room, or tried to. */
export const showsOf = (calls: readonly RecordedCall[], name: string, room?: string): readonly RecordedCall[] =>
  calls.filter(
    (call) => call.verb !== 'send' && call.title.includes(name) && (room === undefined || call.room === room),
  );

/** Which incident shows an alert, by the words on its card. */
export const incidentOf = (calls: readonly RecordedCall[], name: string): string | undefined =>
  calls.find((call) => call.verb !== 'send' && call.title.includes(name))?.incidentId;

/** Waits until `isDone` holds, looking every 50 ms. */
export async function until(what: string, isDone: () => Promise<boolean> | boolean, timeoutMs = 60_000): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!(await isDone())) {
    if (Date.now() > deadline) throw new Error(`not within ${timeoutMs} ms: ${what}`);
    await sleep(50);
  }
}
