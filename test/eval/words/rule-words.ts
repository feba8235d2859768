import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Scenario } from '../scenario.ts';
import { alternativesOf } from './alternatives.ts';

const DIAGNOSE = join(import.meta.dirname, '../../../src/diagnose');
const CORPUS = join(import.meta.dirname, '../../fixtures/rule-words');
/** Where else rules have patterns. */
const BESIDES = ['match.ts', 'providers/rules.ts'];

/** A literal after something that no division can follow. */
const LITERAL =
  /(?<=[=(:,?|&[{;]\s{0,200}|=>\s{0,200}|return\s)\/(?![*/])((?:[^/\\\n[]|\\.|\[(?:[^\]\\\n]|\\.)*\])+)\/([dgimsuvy]*)/g;

/** Every regular expression that stands in the source of the rules, exported or not. */
export function rulePatterns(): readonly RegExp[] {
  const folder = join(DIAGNOSE, 'rules');
  const files = [...names(folder).map((name) => join(folder, name)), ...BESIDES.map((name) => join(DIAGNOSE, name))];
  return files
    .filter((file) => file.endsWith('.ts'))
    .flatMap((file) => [...readFileSync(file, 'utf8').matchAll(LITERAL)])
    .map(([, source = '', flags = '']) => new RegExp(source, flags));
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
  const parts = corpus.flatMap(partsOf);
  const isWritten = (pattern: RegExp): boolean =>
    (/^\^|\$$/.test(pattern.source) ? parts : corpus).some((line) => pattern.test(line));
  const suspect = patterns.flatMap(({ source, flags }) =>
    alternativesOf(source)
      .map((alternative) => new RegExp(alternative, flags.replaceAll(/[gy]/g, '')))
      .filter((pattern) => texts.some((text) => pattern.test(text)) && !isWritten(pattern))
      .map(({ source: alternative }) => alternative),
  );
  return [...new Set(suspect)];
}

/** For patterns of whole values and of beginnings: a line, its words, and what is left of it from each of them on. */
const partsOf = (line: string): readonly string[] => [
  line,
  ...Array.from(line.matchAll(/[\p{L}\p{N}_-]+/gu)).flatMap(({ 0: word, index }) => [word, line.slice(index)]),
];
