import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Server } from './server.ts';
import { type Workload, buildRequests } from './workload.ts';

const run = promisify(execFile);

const CONNECTIONS = 64;
const SECONDS = 3;
/**
 * With the same kind of alerts as what follows, until the compilers of V8 are nearly at rest: what is measured is a
 * server that has been running for a while. After 5 s ours still compiled for a tenth of the time.
 */
export const WARM_UP_SECONDS = 10;
/** More than any server takes in that time where each request must be a new one. */
const REQUESTS = 120_000;

/** Request files by workload, built once a run. */
const built = new Map<string, string>();
let folder: string | undefined;

/**
 * Requests a second over 64 keep-alive connections, each as fast as it is answered, sent by wrk: a generator that hardly
 * takes anything of the two cores that the measured server is given (a Node client took a fifth of them). Throws when an
 * answer was not 2xx, or when wrk ran out of new alerts.
 */
export async function requestsPerSecond(server: Pick<Server, 'port'>, kind: Workload['kind']): Promise<number> {
  const workload: Workload = { kind, alerts: 1, count: REQUESTS, distinct: 10_000 };
  await wrk(server, { ...workload, from: 1_000_000 }, WARM_UP_SECONDS);
  return wrk(server, workload, SECONDS);
}

async function wrk({ port }: Pick<Server, 'port'>, workload: Workload, seconds: number): Promise<number> {
  const script = join(import.meta.dirname, 'wrk.lua');
  const words = ['-t1', `-c${CONNECTIONS}`, `-d${seconds}s`, '-s', script, `http://127.0.0.1:${port}`];
  const { stdout } = await run('wrk', words, {
    env: { PATH: process.env['PATH'], REQUESTS: fileOf(workload) },
  }).catch(explain);
  const sent = Number(/(\d+) requests in/.exec(stdout)?.[1]);
  const bad = /Non-2xx or 3xx responses: \d+|Socket errors:.*/.exec(stdout)?.[0];
  if (!(sent > 0) || bad !== undefined) throw new Error(`wrk: ${bad ?? stdout}`);
  return Number(/Requests\/sec:\s+([\d.]+)/.exec(stdout)?.[1]);
}

function explain(err: unknown): never {
  const missing = err instanceof Error && 'code' in err && err.code === 'ENOENT';
  throw missing ? new Error('the benchmark needs wrk: apt-get install wrk', { cause: err }) : err;
}

function fileOf(workload: Workload): string {
  const key = JSON.stringify(workload);
  const known = built.get(key);
  if (known !== undefined && existsSync(known)) return known;
  folder ??= temporary();
  const file = join(folder, `${built.size}`);
  const parts = buildRequests('/api/alert', workload).flatMap((request) => [`${request.length}\n`, request, '\n']);
  writeFileSync(file, Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : part))));
  built.set(key, file);
  return file;
}

function temporary(): string {
  const made = mkdtempSync(join(tmpdir(), 'zhiban-bench-'));
  process.once('exit', () => rmSync(made, { recursive: true, force: true }));
  return made;
}
