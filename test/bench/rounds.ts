import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { LoadOrder } from './load-main.ts';
import type { LoadResult } from './load.ts';
import { type ServerOptions, type Server, startServer } from './server.ts';
import type { Workload } from './workload.ts';

export const ROUNDS = 5;

const run = promisify(execFile);

/** Runs load in a process of its own, so that the server has its core. Throws when a request failed. */
export async function load(
  { port }: Pick<Server, 'port'>,
  workload: Workload,
  plan: Partial<Omit<LoadOrder, 'workload'>> = {},
): Promise<LoadResult> {
  const order: LoadOrder = { port, path: '/api/alert', connections: 64, workload, ...plan };
  const { stdout } = await run(process.execPath, [join(import.meta.dirname, 'load-main.ts'), JSON.stringify(order)]);
  const result = JSON.parse(stdout) as LoadResult;
  if (result.failed > 0 || (plan.retry !== true && result.refused > 0)) {
    throw new Error(`${result.failed} requests failed and ${result.refused} were refused of ${workload.count}`);
  }
  return result;
}

/** The engine's flags of `npm start`, for all programs of ours alike. */
const AS_STARTED = ['--v8-pool-size=1'];

/** A program of `servers/`, started fresh for `work` and ended after it: what it left to do disturbs nobody's turn. */
export async function withServer<T>(
  name: string,
  work: (server: Server) => Promise<T>,
  options: ServerOptions = {},
): Promise<T> {
  const program = join(import.meta.dirname, 'servers', `${name}.ts`);
  const server = await startServer(program, { ...options, args: [...AS_STARTED, ...(options.args ?? [])] });
  try {
    return await work(server);
  } finally {
    await server.end();
  }
}

/** Each subject in turn, so that whatever else the machine does falls on all of them; resolves to their medians. */
export async function interleaved<K extends string>(
  subjects: Readonly<Record<K, () => Promise<number>>>,
  rounds = ROUNDS,
): Promise<Record<K, number>> {
  const names = Object.keys(subjects) as K[];
  const values = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<K, number[]>;
  for (let round = 1; round <= rounds; round += 1) {
    for (const name of names) values[name].push(await subjects[name]());
    const now = names.map((name) => `${name} ${(values[name].at(-1) ?? 0).toFixed(1)}`);
    progress(`  round ${round}/${rounds}: ${now.join(', ')}`);
  }
  return Object.fromEntries(names.map((name) => [name, median(values[name])])) as Record<K, number>;
}

export const median = (values: readonly number[]): number => {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
};

export const progress = (line: string): void => void process.stderr.write(`${line}\n`);
