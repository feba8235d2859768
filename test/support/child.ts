import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

export interface Child {
  /** Everything it has written so far. */
  output(): string;
  /** Resolves when the line appears on its output; rejects with what it wrote when it ends before. */
  said(line: string): Promise<void>;
  /** Resolves once it has ended by itself. */
  gone(): Promise<void>;
  /** kill -9, resolved once it is gone. */
  kill(): Promise<void>;
}

/** Starts `store-child.ts` under this very Node. */
export const startStoreChild = (...args: readonly string[]): Child => startStoreChildUnder([], ...args);

/** The same with another program in front of it, such as strace. */
export function startStoreChildUnder(front: readonly string[], ...args: readonly string[]): Child {
  const script = join(import.meta.dirname, 'store-child.ts');
  const [program = process.execPath, ...rest] = [...front, process.execPath, script, ...args];
  const child: ChildProcess = spawn(program, rest, { stdio: ['ignore', 'pipe', 'pipe'] });
  let text = '';
  const ended = once(child, 'exit');
  child.stdout?.on('data', (chunk: Buffer) => (text += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (text += chunk.toString()));
  return {
    output: () => text,
    said: async (line) => {
      while (!text.includes(line)) {
        if (child.exitCode !== null || child.signalCode !== null) throw new Error(`the child ended: ${text}`);
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    },
    gone: async () => {
      await ended;
    },
    kill: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
