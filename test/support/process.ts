import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

export interface Running {
  readonly pid: number;
  readonly port: number;
  readonly child: ChildProcess;
  /** Everything printed so far, both streams. */
  output(): string;
  /** Ends it by its own id and waits until it is gone. */
  end(signal?: NodeJS.Signals): Promise<number | null>;
}

/** The line with which the server says that it listens. */
export const SERVER_READY = /"action":"ready".*"port":(\d+)/;

/** Starts a program of ours and waits until it prints its port, by default in a line `ready <port>`. */
export async function startProgram(
  file: string,
  environment: Readonly<Record<string, string>>,
  options: {
    readonly ready?: RegExp;
    readonly timeoutMs?: number;
    readonly prefix?: readonly string[];
    readonly flags?: readonly string[];
  } = {},
): Promise<Running> {
  const { ready = /^ready (\d+)$/m, timeoutMs = 60_000, prefix = [], flags = [] } = options;
  const words = [...prefix, process.execPath, file, ...flags];
  const child = spawn(words[0] ?? '', words.slice(1), {
    env: { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '', TZ: 'UTC', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const exited = once(child, 'exit');
  const port = await new Promise<number>((resolve, reject) => {
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      reject(new Error(`${file} was not ready within ${timeoutMs} ms:\n${output}`));
    }, timeoutMs);
    const read = (chunk: Buffer): void => {
      output = (output + chunk.toString('utf8')).slice(-200_000);
      const match = ready.exec(output);
      if (match === null) return;
      clearTimeout(timer);
      resolve(Number(match[1]));
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.once('exit', (code) => {
      clearTimeout(timer);
      reject(new Error(`${file} ended with ${code} before it was ready:\n${output}`));
    });
  });
  return {
    pid: child.pid ?? 0,
    port,
    child,
    output: () => output,
    end: async (signal = 'SIGTERM') => {
      if (child.exitCode === null && child.signalCode === null) child.kill(signal);
      await exited;
      return child.exitCode;
    },
  };
}
