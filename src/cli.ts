import { createReadStream, existsSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { z } from 'zod';
import { CommandRefused } from './cli/command.ts';
import { createProgram } from './cli/program.ts';
import { readConfig } from './config.ts';
import { AppError } from './errors.ts';

if (existsSync('.env')) process.loadEnvFile('.env');

const program = createProgram({
  config: () => readConfig(process.env),
  clock: { now: () => Date.now() },
  random: Math.random,
  version: versionOf(readFileSync(new URL('../package.json', import.meta.url), 'utf8')),
  fetch,
  print: (line) => void process.stdout.write(`${line}\n`),
  read: (path) => (path === '-' ? buffer(process.stdin) : readFile(path)),
  open: (path) => (path === '-' ? process.stdin : createReadStream(path)),
  tell: (line) => void process.stderr.write(`${line}\n`),
  interrupted: abortOnSignals,
  serve: async () => {
    const { serve } = await import('./serve.ts');
    await serve(process.env);
  },
});

try {
  await program.parseAsync();
} catch (err) {
  const known = err instanceof AppError || err instanceof CommandRefused;
  process.stderr.write(`${known ? err.message : err instanceof Error ? (err.stack ?? err.message) : String(err)}\n`);
  process.exitCode = 1;
}

function versionOf(manifest: string): string {
  return z.object({ version: z.string() }).parse(JSON.parse(manifest)).version;
}

/**
 * A terminal and our own launcher may both send the first signal; one that comes later means it. A request that hangs
 * keeps nobody waiting either.
 */
function abortOnSignals(): AbortSignal {
  const stopping = new AbortController();
  let first: number | undefined;
  const stop = (): void => {
    if (first !== undefined && performance.now() - first > 1000) process.exit(130);
    first ??= performance.now();
    stopping.abort();
    setTimeout(() => process.exit(130), 3000).unref();
  };
  process.on('SIGINT', stop).on('SIGTERM', stop);
  return stopping.signal;
}
