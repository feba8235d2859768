import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadPrompt } from '../../src/diagnose/prompt.ts';

const FOLDER = join(import.meta.dirname, '..', '..', 'prompts');
const DIAGNOSE = { nonce: 'n1', schema: '{}', incident: 'i', rules: 'r', evidence: 'e' };
const ASK = { nonce: 'n1', context: 'c', question: 'q' };
const LOCALES = ['zh-CN', 'en-US'] as const;

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
        "ask.v1.en-US.md 164018f73c52dac4",
        "ask.v1.zh-CN.md 5bcec57e3b7612bd",
        "diagnose.v1.en-US.md 55726909a9f8f5b1",
        "diagnose.v1.zh-CN.md dc5605335fc6f23e",
      ]
    `);
  });

  it.each(LOCALES)('are filled whole in %s', async (locale) => {
    const diagnose = await loadPrompt('diagnose', 1, locale);
    const ask = await loadPrompt('ask', 1, locale);
    expect(diagnose.version).toBe('diagnose.v1');
    for (const filled of [diagnose.render(DIAGNOSE), ask.render(ASK)]) {
      expect(filled).not.toMatch(/\{\{|\}\}/);
      expect(filled).toContain('<<<END n1>>>');
    }
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
    expect(() => prompt.render({ nonce: 'n', context: 'c' })).toThrow('{{question}}');
    expect(() => prompt.render(JSON.parse('{"nonce":"n","context":"c","__proto__":{"question":"q"}}'))).toThrow(
      '{{question}}',
    );
  });

  it('take a value as text, never as a place or a replacement pattern', async () => {
    const prompt = await loadPrompt('ask', 1, 'en-US');
    expect(prompt.render({ ...ASK, question: '{{context}} $& $1' })).toContain('{{context}} $& $1');
  });

  it('are missing aloud', async () => {
    await expect(loadPrompt('ask', 99, 'en-US')).rejects.toThrow('ask.v99.en-US.md');
  });
});
