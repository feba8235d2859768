import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { SECRET } from './workload.ts';

export interface Server {
  readonly pid: number;
  readonly port: number;
  /** Its data and its log. */
  readonly folder: string;
  /** Process start until it said that it listens, ms. */
  readonly readyMs: number;
  /** Resident memory, MB: now, or the most there ever was. */
  rssMb(which?: 'now' | 'most'): number;
  /** Asks a server of ours about its event loop since the last time it was asked. */
  loopP99Ms(): Promise<number>;
  /** Ends it and removes its folder. */
  end(): Promise<void>;
}

export interface ServerOptions {
  readonly environment?: Readonly<Record<string, string>>;
  /** Words before the program, e.g. strace, when its folder is known. */
  readonly prefixIn?: (folder: string) => readonly string[];
  /** A folder that outlives the server, e.g. with a database in it; else a new one. */
  readonly folder?: string;
  readonly cwd?: string;
  /** For Node, and for the program. */
  readonly args?: readonly string[];
  readonly words?: readonly string[];
  /** What it prints when it listens, its port in the first group unless `port` says it. */
  readonly ready?: RegExp;
  readonly port?: number;
}

const READY_MS = 60_000;

/** Starts a program under this Node. Its output goes to a file, as under a service manager, so that reading it costs nobody. */
export async function startServer(program: string, options: ServerOptions = {}): Promise<Server> {
  const { environment = {}, args = [], ready = /^ready (\d+)$/m, cwd } = options;
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'zhiban-bench-'));
  const log = join(folder, 'bench.log');
  const file = openSync(log, 'w');
  const startedAt = performance.now();
  const [command = '', ...rest] = [
    ...(options.prefixIn?.(folder) ?? []),
    process.execPath,
    ...args,
    program,
    ...(options.words ?? []),
  ];
  const child = spawn(command, rest, {
    stdio: ['ignore', file, file, 'ipc'],
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...surroundings(folder), ...environment },
    ...(cwd === undefined ? {} : { cwd }),
  });
  closeSync(file);
  const printed = await portOf(child, log, ready);
  return {
    pid: child.pid ?? 0,
    port: options.port ?? printed,
    folder,
    readyMs: performance.now() - startedAt,
    rssMb: (which = 'now') => rssMb(child.pid ?? 0, which),
    loopP99Ms: async () => {
      child.send('loop');
      const [ms] = await once(child, 'message');
      return Number(ms);
    },
    end: async () => {
      process.kill(programOf(child.pid ?? 0), 'SIGTERM');
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
      if (options.folder === undefined) rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** What every server of ours is told; other programs ignore it. */
const surroundings = (folder: string) => ({
  TZ: 'UTC',
  DATA_DIR: folder,
  PORT: '0',
  LOG_LEVEL: 'info',
  LOCALE: 'en-US',
  ALERT_HMAC_SECRET: SECRET,
  NODE_COMPILE_CACHE: join(tmpdir(), 'zhiban-bench-cache'),
});

async function portOf(child: ChildProcess, log: string, ready: RegExp): Promise<number> {
  const deadline = performance.now() + READY_MS;
  for (;;) {
    const output = readFileSync(log, 'utf8');
    const match = ready.exec(output);
    if (match !== null) return Number(match[1]);
    if (child.exitCode !== null || performance.now() > deadline) {
      child.kill('SIGKILL');
      throw new Error(`a server was not ready:\n${output.slice(-4000)}`);
    }
    await sleep(10);
  }
}

/** A tracer that starts a program keeps signals to itself, so the program gets them. */
function programOf(pid: number): number {
  if (!readFileSync(`/proc/${pid}/comm`, 'utf8').startsWith('strace')) return pid;
  return Number(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ')[0]);
}

function rssMb(pid: number, which: 'now' | 'most'): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const line = which === 'now' ? /^VmRSS:\s+(\d+)/m : /^VmHWM:\s+(\d+)/m;
  return Number(line.exec(status)?.[1] ?? 0) / 1024;
}
