import { existsSync } from 'node:fs';
import { createApp } from './app.ts';
import { readConfig } from './config.ts';
import { AppError } from './errors.ts';
import { stopOnSignals } from './lifecycle.ts';
import { giveBackSoon } from './telemetry/heap.ts';

/** Exit code of sysexits(3) for a configuration that cannot be used. */
const EX_CONFIG = 78;

/** Reads the environment and `.env`, serves until a signal. A start that fails prints what to do and exits. */
export async function serve(environment: NodeJS.ProcessEnv): Promise<void> {
  try {
    if (existsSync('.env')) process.loadEnvFile('.env');
    const app = await createApp(readConfig(environment));
    stopOnSignals(app.stop, app.log);
    const { port } = await app.start();
    app.log.info({ action: 'ready', port, ms: Math.round(performance.now()) }, 'ready');
    giveBackSoon();
    for (const line of await app.greeting(port)) process.stderr.write(`${line}\n`);
  } catch (err) {
    process.stderr.write(`${err instanceof AppError ? err.message : describe(err)}\n`);
    process.exit(EX_CONFIG);
  }
}

const describe = (err: unknown): string => (err instanceof Error ? (err.stack ?? err.message) : String(err));
