import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FAMILIES } from '../../src/diagnose/rules/families.ts';
import { alternativesOf } from '../eval/words/alternatives.ts';

/** Messages as programs, clusters and people on call write them; written for no test in particular. */
const FOLDER = join(import.meta.dirname, '..', 'fixtures', 'rule-words');
const LINES = readdirSync(FOLDER).flatMap((file) =>
  readFileSync(join(FOLDER, file), 'utf8')
    .split('\n')
    .filter((line) => line !== ''),
);

/** The patterns that are meant for messages. */
const PATTERNS = FAMILIES.flatMap(({ id, words, says, suggests, causes }) => [
  [`${id} words`, words] as const,
  [`${id} says`, says] as const,
  [`${id} suggests`, suggests] as const,
  ...causes.map((cause) => [`${id}/${cause.id} signs`, cause.signs] as const),
]).flatMap(([name, pattern]) => (pattern === undefined ? [] : [{ name, pattern }]));

describe('the words of the rules', () => {
  it('are tried on hundreds of messages of many programs', () => {
    expect(new Set(LINES).size).toBeGreaterThanOrEqual(400);
  });

  it.each(PATTERNS)('$name: every alternative is what somebody writes', ({ pattern }) => {
    const unknown = alternativesOf(pattern.source).filter((one) => {
      const alone = new RegExp(one, pattern.flags);
      return !LINES.some((line) => alone.test(line));
    });
    expect(unknown).toEqual([]);
  });
});
