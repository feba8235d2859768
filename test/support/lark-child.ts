import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LarkSimulator } from '../simulators/lark/simulator.ts';
import { freePort } from './free-port.ts';
import { type LarkMode, eventually, isListening } from './lark-app.ts';
import { larkEnvironment, larkKeys, saveAddresses } from './lark-environment.ts';
import { type Running, SERVER_READY, startProgram } from './process.ts';

const MAIN = join(import.meta.dirname, '../../src/main.ts');

/** The server as a program of its own, to be killed, on one data folder and one port. */
export interface LarkChild {
  readonly url: string;
  /** Starts it, and waits until the platform reaches it. */
  start(): Promise<void>;
  /** kill -9 at once; resolves when it is gone. Harmless when it is gone already. */
  kill(): Promise<void>;
  gone(): Promise<void>;
  close(): Promise<void>;
}

export async function openLarkChild(
  lark: LarkSimulator,
  mode: LarkMode,
  environment: Readonly<Record<string, string>>,
): Promise<LarkChild> {
  const folder = mkdtempSync(join(tmpdir(), 'zhiban-lark-child-'));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  let running: Running | undefined;
  let exited: Promise<unknown> = Promise.resolve();

  const reached = async (): Promise<void> => {
    if (mode === 'websocket') return eventually(() => isListening(url));
    await saveAddresses(lark, url);
  };

  return {
    url,
    start: async () => {
      running = await startProgram(
        MAIN,
        {
          PORT: `${port}`,
          DATA_DIR: folder,
          LOCALE: 'en-US',
          LOG_LEVEL: 'info',
          LARK_MODE: mode,
          ...larkEnvironment(lark),
          ...(mode === 'webhook' && larkKeys(lark)),
          ...environment,
        },
        { ready: SERVER_READY },
      );
      exited = once(running.child, 'exit');
      await reached();
    },
    kill: async () => {
      running?.child.kill('SIGKILL');
      await exited;
    },
    gone: async () => {
      await exited;
    },
    close: async () => {
      await running?.end('SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
