import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createProgram } from '../../src/cli/program.ts';
import { LLM, readModels } from '../../src/config-llm.ts';

const folder = join(import.meta.dirname, '../../docs/diagnosis');
const PAGES = ['models.md', 'models.zh-CN.md'] as const;
const read = (page: string): string => readFileSync(join(folder, page), 'utf8');

const program = createProgram({
  config: () => {
    throw new Error('no configuration here');
  },
  clock: { now: () => 0 },
  version: '1.2.3',
  random: () => 0,
  fetch,
  print: () => undefined,
  tell: () => undefined,
  open: async function* () {},
  serve: async () => undefined,
  read: async () => Buffer.alloc(0),
  interrupted: () => new AbortController().signal,
});
const providers = program.commands.find((command) => command.name() === 'providers');

describe.each(PAGES)('%s', (page) => {
  const text = read(page);

  it('names every setting of language models', () => {
    expect(Object.keys(LLM).filter((name) => !text.includes(`\`${name}\``))).toEqual([]);
  });

  it('has an example of several endpoints that can be read as it is', () => {
    const [, block = ''] = /\n((?: {4}.*\n|\n)*? {4}LLM_PROVIDERS=(?: {4}.*\n|\n|.*\n)*?)\n#/.exec(text) ?? [];
    const lines = block.split('\n').flatMap((line) => /^ {4}([A-Z_]+)=(.*)$/.exec(line)?.slice(1) ?? []);
    const values: Record<string, string> = {};
    for (let at = 0; at < lines.length; at += 2) values[lines[at]?.replace(/_FILE$/, '') ?? ''] = lines[at + 1] ?? '';
    const { models, faults } = readModels(values);
    expect(faults).toEqual([]);
    expect(models.map(({ name }) => name)).toEqual(['openai:deepseek', 'openai:qwen', 'ollama']);
  });

  it('writes commands that exist, with options that exist', () => {
    const said = text.replaceAll('\\\n', ' ').matchAll(/zhiban providers ([a-z]+)([^\n`]*)/g);
    const wrong = [...said].flatMap(([whole, name, rest = '']) => {
      const command = providers?.commands.find((one) => one.name() === name);
      const known = new Set(command?.options.map(({ long }) => long));
      const options = [...rest.matchAll(/--[a-z-]+/g)].map(([option]) => option);
      return command !== undefined && options.every((option) => known.has(option)) ? [] : [whole];
    });
    expect(wrong).toEqual([]);
  });

  it('links to pages that are there', () => {
    const links = [...text.matchAll(/\]\(([^)#]+)(?:#[^)]*)?\)/g)].map(([, link = '']) => link);
    expect(links.filter((link) => !existsSync(join(dirname(join(folder, page)), link)))).toEqual([]);
  });
});
