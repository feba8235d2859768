import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { EVENTS, SCOPES } from '../../src/cli/lark/scopes.ts';
import { createProgram } from '../../src/cli/program.ts';
import { SCHEMA, readConfig } from '../../src/config.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

const PAGES = {
  'en-US': { page: read('docs/channels/lark.md'), said: read('src/cli/lark/texts-en-us.ts') },
  'zh-CN': { page: read('docs/channels/lark.zh-CN.md'), said: read('src/cli/lark/texts-zh-cn.ts') },
} as const;
const LOCALES = ['en-US', 'zh-CN'] as const;

/** Cells of each line of a table. */
const rows = (page: string): readonly (readonly string[])[] =>
  page
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .map((line) =>
      line
        .split('|')
        .map((cell) => cell.trim())
        .slice(1, -1),
    );

const code = (cell = ''): readonly string[] => [...cell.matchAll(/`([^`]+)`/gu)].map(([, text = '']) => text);

/** Commands to type, with words of either language in place of what the reader fills in. */
const commands = (page: string): readonly string[] =>
  [...page.matchAll(/(?:npx zhiban|npm|curl) [^\n`]*/gu)]
    .map(
      ([line]) =>
        line
          .replaceAll(/NAME|名字/gu, 'NAME')
          .split(/ -d '|（|\(/u)[0]
          ?.trim() ?? '',
    )
    .toSorted();

const variables = (page: string): readonly string[] =>
  [...new Set([...page.matchAll(/\b[A-Z]+(?:_[A-Z]+)+\b/gu)].map(([name]) => name))].toSorted();

describe.each(LOCALES)('the page about Lark in %s', (locale) => {
  const { page, said } = PAGES[locale];

  it('names the scopes that the doctor looks for, as the console does', () => {
    const named = rows(page).filter(([first]) => first?.startsWith('`im:') === true);
    const expected = SCOPES.map(({ name, title }) => [`\`${name}\``, title[locale]]);
    expect(named.map((row) => row.slice(0, 2))).toEqual(expected);
  });

  it('names the events that the doctor reminds of', () => {
    const named = rows(page)
      .flatMap(([first]) => code(first))
      .filter((name) => /^(?:im|card)\./u.test(name));
    expect(named).toEqual([...EVENTS]);
  });

  it('quotes the doctor in its table of symptoms', () => {
    const quotes = rows(page)
      .filter((row) => row.length === 3)
      .flatMap(([, second]) => code(second))
      .filter((quote) => !/^(?:ok|npx .*|99991403)$/u.test(quote) && /[^\w:.]/u.test(quote));
    const cut = quotes.flatMap((quote) =>
      quote
        .replace(/\bim:\S+/u, '…')
        .replace(/\d{3}/u, '…')
        .split('…'),
    );
    const pieces = cut.map((piece) => piece.trim()).filter((piece) => piece.length > 1);
    expect(pieces.length).toBeGreaterThan(10);
    expect(pieces.filter((piece) => !said.includes(piece))).toEqual([]);
  });

  it('names settings that exist, all of Lark’s among them', () => {
    const ours = variables(page).filter((name) => !['HTTPS_PROXY'].includes(name));
    expect(ours.filter((name) => !(name in SCHEMA.shape))).toEqual([]);
    const lark = Object.keys(SCHEMA.shape).filter((name) => name.startsWith('LARK_'));
    expect(lark.filter((name) => !ours.includes(name))).toEqual([]);
  });

  it('has commands that exist, with options that they take', () => {
    const program = createProgram({
      config: () => readConfig({}),
      clock: { now: () => 0 },
      version: '1.2.3',
      random: () => 0,
      fetch,
      print: () => undefined,
      serve: () => Promise.resolve(),
      read: () => Promise.resolve(Buffer.alloc(0)),
      open: () => Readable.from([]),
      tell: () => undefined,
      interrupted: () => new AbortController().signal,
    });
    for (const command of commands(page).filter((line) => line.startsWith('npx zhiban'))) {
      const words = command.split(/\s+/u).slice(2);
      let found = program;
      for (const word of words) found = found.commands.find((one) => one.name() === word) ?? found;
      expect([command, found === program]).toEqual([command, false]);
      const known = found.options.map(({ long }) => long);
      for (const option of words.filter((word) => word.startsWith('--'))) expect(known).toContain(option);
    }
  });
});

describe('both pages about Lark', () => {
  it('name the same commands and the same settings', () => {
    expect(commands(PAGES['zh-CN'].page)).toEqual(commands(PAGES['en-US'].page));
    expect(variables(PAGES['zh-CN'].page)).toEqual(variables(PAGES['en-US'].page));
  });

  it('have the same sections in the same order', () => {
    const levels = LOCALES.map((locale) => [...PAGES[locale].page.matchAll(/^(#+) /gmu)].map(([, marks]) => marks));
    expect(levels[0]).toEqual(levels[1]);
  });

  it('are where the first pages lead', () => {
    expect(read('README.md')).toContain('docs/channels/lark.md');
    expect(read('README.zh-CN.md')).toContain('docs/channels/lark.zh-CN.md');
  });
});
