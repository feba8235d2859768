import { createReadStream } from 'node:fs';
import { createProgram } from '../../src/cli/program.ts';
import type { CliDeps } from '../../src/cli/command.ts';
import { readConfig } from '../../src/config.ts';

export interface Ran {
  /** What was printed, line by line. */
  readonly lines: readonly string[];
  /** What was said on the standard error. */
  readonly told: readonly string[];
  /** What was printed, and the words with which it ended in failure. */
  readonly said: string;
  /** The failure, if it was one: exit code 1. */
  readonly failure: string | undefined;
}

/** Runs `zhiban …` in this process with an environment of its own. */
export async function runZhiban(
  environment: Readonly<Record<string, string>>,
  args: readonly string[],
  edges: Partial<CliDeps> = {},
): Promise<Ran> {
  const lines: string[] = [];
  const told: string[] = [];
  const program = createProgram({
    config: () => readConfig(environment),
    clock: { now: () => Date.now() },
    random: Math.random,
    fetch,
    print: (line) => void lines.push(line),
    version: '1.2.3',
    serve: async () => void lines.push('serving'),
    read: async (path) => Buffer.from(path),
    open: (path) => createReadStream(path),
    tell: (line) => void told.push(line),
    interrupted: () => new AbortController().signal,
    ...edges,
  });
  const failure = await program.parseAsync(args, { from: 'user' }).then(
    () => undefined,
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
  return { lines, told, failure, said: [...lines, ...(failure === undefined ? [] : [failure])].join('\n') };
}
