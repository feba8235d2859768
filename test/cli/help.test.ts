import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { expect, it } from 'vitest';
import { createProgram } from '../../src/cli/program.ts';
import { readConfig } from '../../src/config.ts';

const ROOT = join(import.meta.dirname, '..', '..');

const commandsOf = (command: Command): readonly Command[] =>
  command.commands.flatMap((one) => [one, ...commandsOf(one)]);

const program = createProgram({
  config: () => readConfig({}),
  clock: { now: () => 0 },
  random: () => 0,
  fetch,
  version: '1.2.3',
  print: () => undefined,
  serve: async () => undefined,
  read: async () => Buffer.alloc(0),
  open: async function* () {},
  tell: () => undefined,
  interrupted: () => new AbortController().signal,
});

it('says of every command what it does', () => {
  const all = commandsOf(program);
  expect(all.length).toBeGreaterThan(25);
  expect(all.filter((command) => command.description() === '').map((command) => command.name())).toEqual([]);
});

it('shows no default that says nothing', () => {
  for (const command of commandsOf(program))
    expect(command.helpInformation()).not.toMatch(/default: (?:\[\]|""|false)/);
});

it('tells its version', () => {
  const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };
  const { stdout } = spawnSync(process.execPath, [join(ROOT, 'src', 'cli.ts'), '--version'], { encoding: 'utf8' });
  expect(stdout).toBe(`${version}\n`);
});
