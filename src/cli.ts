import { existsSync } from 'node:fs';
import { CommandRefused } from './cli/command.ts';
import { createProgram } from './cli/program.ts';
import { readConfig } from './config.ts';
import { AppError } from './errors.ts';

if (existsSync('.env')) process.loadEnvFile('.env');

const program = createProgram({
  config: () => readConfig(process.env),
  clock: { now: () => Date.now() },
  print: (line) => void process.stdout.write(`${line}\n`),
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
