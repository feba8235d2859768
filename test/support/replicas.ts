import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Running, startProgram } from './process.ts';
import type { RecordedCall } from './recorder.ts';

const SUPPORT = import.meta.dirname;

/** One server of several on one database; `url` stays what it is when the process is killed and started again. */
export interface Replica {
  readonly name: string;
  url(): string;
  pid(): number;
  lives(): boolean;
  output(): string;
  start(): Promise<void>;
  signal(signal: NodeJS.Signals): void;
  /** Kills with -9 and resolves once it is gone. */
  kill(): Promise<void>;
}

export interface ReplicasOptions {
  readonly count: number;
  /** Of the database they share; without it the one server has SQLite in a folder of its own. */
  readonly databaseUrl?: string;
  readonly environment?: Readonly<Record<string, string>>;
}

/** A recorder, and servers that all deliver to it; none is started yet. */
export async function openReplicas({ count, databaseUrl, environment = {} }: ReplicasOptions) {
  const folder = mkdtempSync(join(tmpdir(), 'zhiban-replicas-'));
  const recorder = await startProgram(join(SUPPORT, 'recorder.ts'), {}, { ready: /^recorder (\d+)$/m });
  const recorderUrl = `http://127.0.0.1:${recorder.port}`;
  const common = {
    PORT: '0',
    RECORDER_URL: recorderUrl,
    DEFAULT_TARGET: 'recorder:room-0',
    STORM_PER_MINUTE: '100000',
    LOG_LEVEL: 'warn',
    LOCALE: 'en-US',
    // One key for all: sealed values and signed addresses must be readable by each.
    SECRET_KEY: 'b'.repeat(64),
    ...(databaseUrl === undefined ? {} : { DATABASE_URL: databaseUrl }),
    ...environment,
  };
  const replicas = Array.from({ length: count }, (_, at) =>
    replica(`replica-${at}`, { ...common, DATA_DIR: join(folder, `replica-${at}`) }),
  );
  const ask = async (path: string, body: object = {}): Promise<unknown> => {
    const response = await fetch(`${recorderUrl}${path}`, { method: 'POST', body: JSON.stringify(body) });
    return response.json();
  };
  return {
    replicas,
    orders: (orders: object) => ask('/orders', orders),
    ledger: async () => (await ask('/ledger')) as readonly RecordedCall[],
    close: async () => {
      await Promise.all(replicas.map((one) => one.kill()));
      await recorder.end('SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export type Replicas = Awaited<ReturnType<typeof openReplicas>>;

function replica(name: string, environment: Readonly<Record<string, string>>): Replica {
  let running: Running | undefined;
  const current = (): Running => {
    if (running === undefined) throw new Error(`${name} was never started`);
    return running;
  };
  const lives = (): boolean =>
    running !== undefined && running.child.exitCode === null && running.child.signalCode === null;
  return {
    name,
    url: () => `http://127.0.0.1:${current().port}`,
    pid: () => current().pid,
    lives,
    output: () => running?.output() ?? '',
    start: async () => {
      running = await startProgram(join(SUPPORT, 'recorder-main.ts'), environment);
    },
    signal: (signal) => void current().child.kill(signal),
    kill: async () => {
      if (lives()) await current().end('SIGKILL');
    },
  };
}

/** A call of `/api/v1` at this server, as an administrator on this machine; throws unless it succeeds. */
export async function callApi<T>(url: string, method: string, path: string, body?: object): Promise<T> {
  const response = await fetch(`${url}/api/v1${path}`, {
    method,
    signal: AbortSignal.timeout(60_000),
    ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  });
  const answer = (await response.json()) as { readonly message: string; readonly data: T };
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${answer.message}`);
  return answer.data;
}

/** A list of `/api/v1`, all its pages. */
export async function listApi<T>(url: string, path: string): Promise<readonly T[]> {
  const items: T[] = [];
  let cursor: string | null = null;
  do {
    const from: string = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const page: { readonly items: readonly T[]; readonly next: string | null } = await callApi(
      url,
      'GET',
      `${path}${path.includes('?') ? '&' : '?'}limit=200${from}`,
    );
    items.push(...page.items);
    cursor = page.next;
  } while (cursor !== null);
  return items;
}

/** What a room shows of an incident, by the recorder's own ledger. */
export interface ShownCard {
  readonly incidentId: string;
  readonly room: string;
  readonly title: string;
  readonly tone: string;
  readonly rev: number;
  /** Every message that was ever posted for it. */
  readonly refs: ReadonlySet<string>;
}

/** The cards as they are now, one for each incident and room; storms have no incident. */
export function cardsOf(calls: readonly RecordedCall[]): readonly ShownCard[] {
  const cards = new Map<string, ShownCard>();
  for (const call of calls) {
    if (call.verb === 'send' || call.incidentId === '') continue;
    if (call.outcome !== 'accepted' && call.outcome !== 'repeated') continue;
    const place = `${call.incidentId} ${call.room}`;
    const { incidentId, room, title, tone, rev } = call;
    const refs = new Set([...(cards.get(place)?.refs ?? []), call.ref]);
    cards.set(place, { incidentId, room, title, tone, rev, refs });
  }
  return [...cards.values()];
}
