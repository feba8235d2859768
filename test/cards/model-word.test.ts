import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');

const filesIn = (folder: string, end: string): readonly string[] =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(end))
    .map((name) => join(folder, name));

/** Of TypeScript, what stands in quotes and is Chinese: comments and names are nobody's words. */
const saidIn = (path: string): readonly string[] => {
  const text = readFileSync(join(ROOT, path), 'utf8');
  const all = path.endsWith('.ts')
    ? [...text.matchAll(/'[^'\n]*'|`[^`]*`/g)].map(([said]) => said)
    : text.split('\n\n');
  return all.filter((said) => /\p{Script=Han}/u.test(said));
};

const FOLDERS = ['cards', 'operations', 'diagnose', 'chat', 'console', 'cli', 'app'];
const TEXTS = FOLDERS.flatMap((folder) => filesIn(join('src', folder), '.ts'));
const PAGES = [...filesIn('docs', '.zh-CN.md'), 'README.zh-CN.md'];

/** `LLM 节点` is what Dify calls its own; names such as `LLM_PROVIDERS` and `OpenAI` are names. */
const OTHER = /大模型|大语言模型|语言模型|人工智能|(?<![A-Za-z])AI(?![A-Za-z])|(?<![A-Za-z])LLM(?![A-Za-z_]|\s?节点)/;

describe('in Chinese, a model', () => {
  it.each([
    ['texts', TEXTS],
    ['pages', PAGES],
  ])('has one name in all %s', (_what, paths) => {
    const said = paths.flatMap((path) => saidIn(path).map((words) => `${path}: ${words}`));
    expect(said.length).toBeGreaterThan(100);
    expect(said.filter((words) => OTHER.test(words))).toEqual([]);
  });
});
