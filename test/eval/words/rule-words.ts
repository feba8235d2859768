import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Scenario } from '../scenario.ts';
import { alternativesOf } from './alternatives.ts';

const RULES = join(import.meta.dirname, '../../../src/diagnose/rules');
const CORPUS = join(import.meta.dirname, '../../fixtures/rule-words');

/** Every regular expression that the files of the rules export, however deep it lies. */
export async function rulePatterns(folder = RULES): Promise<readonly RegExp[]> {
  const found = new Set<RegExp>();
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.ts'))) {
    const exported: object = await import(join(folder, file));
    collect(exported, found, new Set());
  }
  return [...found];
}

function collect(value: unknown, found: Set<RegExp>, seen: Set<unknown>): void {
  if (value instanceof RegExp) found.add(value);
  else if (typeof value === 'object' && value !== null && !seen.has(value)) {
    seen.add(value);
    for (const inside of value instanceof Map ? value.values() : Object.values(value)) collect(inside, found, seen);
  }
}

/** Messages as programs write them, one in a line, from nobody's scenario; undefined when there are none. */
export function wordCorpus(folder = CORPUS): readonly string[] | undefined {
  const files = names(folder).filter((name) => name.endsWith('.txt'));
  if (files.length === 0) return undefined;
  const lines = files.flatMap((name) => readFileSync(join(folder, name), 'utf8').split('\n'));
  return lines.filter((line) => line.trim() !== '' && !line.startsWith('#'));
}

function names(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** What a rule could see of a scenario: the alert and everything recorded, not what is expected of it. */
export function textsOf({ alert, backends }: Scenario): readonly string[] {
  const texts: string[] = [];
  const visit = (value: unknown): void => {
    if (typeof value === 'string') texts.push(...value.split('\n'));
    else if (Array.isArray(value)) value.forEach(visit);
    else if (typeof value === 'object' && value !== null) Object.values(value).forEach(visit);
  };
  visit([alert, backends]);
  return texts;
}

/** Alternatives that fit some text of a scenario and no line of the corpus: wording learnt from the examination. */
export function learntByHeart(
  patterns: readonly RegExp[],
  texts: readonly string[],
  corpus: readonly string[],
): readonly string[] {
  const suspect = patterns.flatMap(({ source, flags }) =>
    alternativesOf(source)
      .map((alternative) => new RegExp(alternative, flags.replaceAll(/[gy]/g, '')))
      .filter((pattern) => texts.some((text) => pattern.test(text)) && !corpus.some((line) => pattern.test(line)))
      .map(({ source: alternative }) => alternative),
  );
  return [...new Set(suspect)];
}
