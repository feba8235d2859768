import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { runLoad } from '../load.ts';
import { type Line, limitLine } from '../report.ts';
import { bindRooms } from '../rooms.ts';
import { median, progress, withServer } from '../rounds.ts';
import type { Server } from '../server.ts';
import { buildRequests } from '../workload.ts';

const ROOMS = 300;
const RATE = 100;
const SECONDS = 15;
const ROUNDS = 5;
export const ENVIRONMENT = { STORM_PER_MINUTE: '1000', LOG_LEVEL: 'info' };
/** What the slowest cards are waited for. */
const PATIENCE_MS = 10_000;

const DELAY = 'inject=fsync,fdatasync:delay_enter=5000';
const SLOW_SYNC = ['strace', '-f', '--seccomp-bpf', '-e', 'trace=fsync,fdatasync', '-e', DELAY];

export interface Figures {
  readonly p50: number;
  readonly p99: number;
  readonly loopP99: number;
}

/** From the sender's 200 to the browser's news of the new card, with this disk and with one on which every sync takes 5 ms more. */
export async function firstCard(): Promise<readonly Line[]> {
  const plain = await rounds('plain', () => []);
  const slow = await rounds('slow disk', (folder) => [...SLOW_SYNC, '-o', join(folder, 'strace.txt')]);
  const name = `first card, ${RATE} new incidents/s in ${ROOMS} rooms`;
  return [
    limitLine(`${name}, p50`, plain.p50, 'ms', 50),
    limitLine(`${name}, p99`, plain.p99, 'ms', 250),
    limitLine(`${name}, every fsync 5 ms slower, p99`, slow.p99, 'ms', 500),
    limitLine('event loop p99 meanwhile', slow.loopP99, 'ms', 50),
  ];
}

async function rounds(name: string, prefixIn: (folder: string) => readonly string[]): Promise<Figures> {
  const runs: Figures[] = [];
  for (let round = 1; round <= ROUNDS; round += 1) {
    const figures = await withServer('zhiban', (server) => measureFirstCards(server), {
      environment: ENVIRONMENT,
      prefixIn,
    });
    const { p50, p99, loopP99 } = figures;
    progress(
      `  ${name} ${round}/${ROUNDS}: p50 ${p50.toFixed(1)}, p99 ${p99.toFixed(1)}, loop ${loopP99.toFixed(1)} ms`,
    );
    runs.push(figures);
  }
  const of = (pick: (run: Figures) => number): number => median(runs.map(pick));
  return { p50: of(({ p50 }) => p50), p99: of(({ p99 }) => p99), loopP99: of(({ loopP99 }) => loopP99) };
}

/** One wave of new incidents at a fixed rate; how long each sender's 200 was before its card. */
export async function measureFirstCards(server: Server, seconds = SECONDS): Promise<Figures> {
  await bindRooms(
    server.port,
    Array.from({ length: ROOMS }, (_, room) => `playground:r${room}`),
  );
  const cards = await watchCards(server.port);
  const wave = { kind: 'new', alerts: 1, rooms: ROOMS } as const;
  const warmUp = buildRequests('/api/alert', { ...wave, count: ROOMS, from: 900_000 });
  await runLoad({ port: server.port, connections: 32, rate: RATE, requests: warmUp });
  await cards.count(ROOMS);
  await server.loopP99Ms();
  const count = RATE * seconds;
  const accepted: number[] = [];
  const answered = (index: number): void => void (accepted[index] = performance.now());
  const requests = buildRequests('/api/alert', { ...wave, count });
  const { ok } = await runLoad({ port: server.port, connections: 32, rate: RATE, requests, answered });
  const loopP99 = await server.loopP99Ms();
  const shown = await cards.count(ROOMS + count);
  cards.close();
  if (ok !== count) throw new Error(`${count - ok} requests failed`);
  return { ...latencies(accepted, shown), loopP99 };
}

/** Rooms take turns, so the n-th card of a room belongs to the n-th request for it; the first one is the warm-up's. */
function latencies(accepted: readonly number[], shown: ReadonlyMap<string, readonly number[]>) {
  const found = accepted.map((at, index) => {
    const card = shown.get(`r${index % ROOMS}`)?.[1 + Math.floor(index / ROOMS)] ?? Number.POSITIVE_INFINITY;
    return Math.max(0, card - at);
  });
  found.sort((a, b) => a - b);
  const at = (share: number): number => found[Math.floor((found.length - 1) * share)] ?? Number.NaN;
  return { p50: at(0.5), p99: at(0.99) };
}

interface News {
  readonly message?: string;
  readonly room?: string;
}

/** The playground as a browser follows it: when each room's new messages became known, in their order. */
async function watchCards(port: number) {
  const abort = new AbortController();
  const response = await fetch(`http://127.0.0.1:${port}/playground/events`, { signal: abort.signal });
  const known = new Set<string>();
  const shown = new Map<string, number[]>();
  const read = async (): Promise<void> => {
    let rest = '';
    for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
      const at = performance.now();
      const lines = (rest + Buffer.from(chunk).toString('utf8')).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines.filter((one) => one.startsWith('data: '))) {
        const { message, room } = JSON.parse(line.slice('data: '.length)) as News;
        if (message === undefined || room === undefined || known.has(message)) continue;
        known.add(message);
        shown.set(room, [...(shown.get(room) ?? []), at]);
      }
    }
  };
  void read().catch(() => undefined);
  return {
    /** Waits until so many cards were shown, or no longer. */
    count: async (wanted: number) => {
      for (const from = performance.now(); known.size < wanted && performance.now() - from < PATIENCE_MS;)
        await sleep(20);
      return shown;
    },
    close: () => abort.abort(),
  };
}
