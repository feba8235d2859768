import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

export interface Child {
  /** Resolves when the line appears on its output; rejects with what it wrote when it ends before. */
  said(line: string): Promise<void>;
  /** kill -9, resolved once it is gone. */
  kill(): Promise<void>;
}

/** Starts `store-child.ts` under this very Node. */
export function startStoreChild(...args: readonly string[]): Child {
  const script = join(import.meta.dirname, 'store-child.ts');
  const child: ChildProcess = spawn(process.execPath, [script, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let text = '';
  const ended = once(child, 'exit');
  child.stdout?.on('data', (chunk: Buffer) => (text += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (text += chunk.toString()));
  return {
    said: async (line) => {
      while (!text.includes(line)) {
        if (child.exitCode !== null || child.signalCode !== null) throw new Error(`the child ended: ${text}`);
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    },
    kill: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
