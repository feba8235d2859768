import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadPrompt } from '../../src/diagnose/prompt.ts';

const FOLDER = join(import.meta.dirname, '..', '..', 'prompts');
const TRUSTED = { nonce: 'n1', schema: '{}', example: '[]' };
const DIAGNOSE = { incident: 'i', rules: 'r', verdicts: 'v', runbooks: 'b', evidence: 'e', left_out: '-' };
const ASK = { context: 'c', evidence: 'e', left_out: '-', question: 'q' };
const LOCALES = ['zh-CN', 'en-US'] as const;

const folderWith = (template: string): string => {
  const folder = mkdtempSync(join(tmpdir(), 'zhiban-prompts-'));
  writeFileSync(join(folder, 'ask.v1.en-US.md'), template);
  return folder;
};

describe('prompts', () => {
  it('never change once they have a version: a better one is a new file', () => {
    const digests = readdirSync(FOLDER)
      .toSorted()
      .map(
        (file) =>
          `${file} ${createHash('sha256')
            .update(readFileSync(join(FOLDER, file)))
            .digest('hex')
            .slice(0, 16)}`,
      );
    expect(digests).toMatchInlineSnapshot(`
      [
        "ask.v1.en-US.md f19029609e08fc4d",
        "ask.v1.zh-CN.md a5a643c65abc0806",
        "diagnose.v1.en-US.md 3562b836a285e3e4",
        "diagnose.v1.zh-CN.md 2eee3ffea8e4c837",
      ]
    `);
  });

  it.each(LOCALES)('are filled whole in %s', async (locale) => {
    const diagnose = await loadPrompt('diagnose', 1, locale);
    const ask = await loadPrompt('ask', 1, locale);
    expect(diagnose.version).toBe('diagnose.v1');
    const systems = [diagnose.system(TRUSTED), ask.system(TRUSTED)];
    for (const filled of [...systems, diagnose.user(DIAGNOSE), ask.user(ASK)]) expect(filled).not.toMatch(/\{\{|\}\}/);
    for (const system of systems) expect(system).toContain('<<<END n1>>>');
  });

  it('have the same places in every language', () => {
    const places = (file: string): string[] =>
      Array.from(
        readFileSync(join(FOLDER, file), 'utf8').matchAll(/\{\{(\w+)\}\}/g),
        ([, name = '']) => name,
      ).toSorted();
    for (const name of ['diagnose.v1', 'ask.v1'])
      expect(places(`${name}.zh-CN.md`)).toEqual(places(`${name}.en-US.md`));
  });

  it('refuse to be sent with a hole', async () => {
    const prompt = await loadPrompt('ask', 1, 'en-US');
    expect(() => prompt.user({ context: 'c', evidence: 'e', left_out: '-' })).toThrow('{{question}}');
    expect(() =>
      prompt.user(JSON.parse('{"context":"c","evidence":"e","left_out":"-","__proto__":{"question":"q"}}')),
    ).toThrow('{{question}}');
    expect(() => prompt.system({})).toThrow('{{nonce}}');
  });

  it('take a value as text, never as a place or a replacement pattern', async () => {
    const prompt = await loadPrompt('ask', 1, 'en-US');
    expect(prompt.user({ ...ASK, question: '{{context}} $& $1' })).toContain('{{context}} $& $1');
  });

  it('are missing aloud', async () => {
    await expect(loadPrompt('ask', 99, 'en-US')).rejects.toThrow('ask.v99.en-US.md');
  });

  it('are refused when their rules have a place for what strangers write', async () => {
    await expect(loadPrompt('ask', 1, 'en-US', folderWith('Rules {{question}}\n---USER---\nx'))).rejects.toThrow(
      '{{question}}',
    );
    await expect(loadPrompt('ask', 1, 'en-US', folderWith('Rules {{nonce}} {{question}}'))).rejects.toThrow(
      '---USER---',
    );
    const good = await loadPrompt('ask', 1, 'en-US', folderWith('Rules {{nonce}}\n---USER---\n{{question}}'));
    expect(good.user({ question: '\n---USER---\n' })).toBe('\n---USER---\n');
  });
});
