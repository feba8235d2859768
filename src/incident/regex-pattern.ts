import { type Node, either, repeated, step } from './regex-automaton.ts';
import { charClass, escaped } from './regex-chars.ts';
import { type PatternReader, createPatternReader } from './regex-reader.ts';

interface Range {
  readonly least: number;
  /** Without end when absent. */
  readonly most: number | undefined;
}

const MAX_REPEAT = 20;

/** Reads the pattern once and returns how to build its automaton. Throws `Error` that names the place. */
export function readPattern(pattern: string): Node {
  const reader = createPatternReader(pattern);
  const whole = alternatives(reader);
  if (reader.peek() !== undefined) throw reader.fault('a ) too many');
  return whole;
}

function alternatives(reader: PatternReader): Node {
  const options = [sequence(reader)];
  while (reader.skip('|')) options.push(sequence(reader));
  return options.reduceRight((rest, first) => either(first, rest));
}

function sequence(reader: PatternReader): Node {
  const parts: Node[] = [];
  const ended = (char: string | undefined): boolean => char === undefined || char === '|' || char === ')';
  while (!ended(reader.peek())) parts.push(quantified(reader));
  return (states, next) => parts.reduceRight((target, part) => part(states, target), next);
}

function quantified(reader: PatternReader): Node {
  const atom = one(reader);
  const range = quantifier(reader);
  if (range === undefined) return atom;
  if (quantifier(reader) !== undefined) throw reader.fault('a quantifier on a quantifier');
  return repeated(atom, range.least, range.most);
}

function quantifier(reader: PatternReader): Range | undefined {
  if (reader.skip('*')) return { least: 0, most: undefined };
  if (reader.skip('+')) return { least: 1, most: undefined };
  if (reader.skip('?')) return { least: 0, most: 1 };
  return reader.peek() === '{' ? counted(reader) : undefined;
}

function counted(reader: PatternReader): Range {
  const parts = reader.match(/^\{(\d+)(,(\d*))?\}/);
  if (parts === undefined) throw reader.fault('write {m}, {m,} or {m,n}');
  const least = Number(parts[1]);
  const most = parts[2] === undefined ? least : parts[3] === '' ? undefined : Number(parts[3]);
  if (Math.max(least, most ?? 0) > MAX_REPEAT) throw reader.fault(`more than ${MAX_REPEAT} repeats`);
  return { least, most };
}

function one(reader: PatternReader): Node {
  const char = reader.next('something is missing');
  if (char === '(') return group(reader);
  if (char === '[') return step(charClass(reader));
  if (char === '.') return step(() => true);
  if (char === '\\') return step(escaped(reader));
  if ('*+?{'.includes(char)) throw reader.fault('nothing to repeat');
  // Anchors are allowed and mean nothing: the whole is anchored anyway.
  if (char === '^' || char === '$') return (_states, next) => next;
  return step((other) => other === char);
}

function group(reader: PatternReader): Node {
  if (!reader.skip('?:') && reader.peek() === '?') throw reader.fault('only (?:…) groups are understood');
  const inner = alternatives(reader);
  if (!reader.skip(')')) throw reader.fault('a ) is missing');
  return inner;
}
