import type { Accepts } from './regex-automaton.ts';
import type { PatternReader } from './regex-reader.ts';

/** What an escape accepts; the backslash was read. */
export function escaped(reader: PatternReader): Accepts {
  const char = reader.next('something is missing after \\');
  const known = ESCAPES[char];
  if (known === undefined && /[a-zA-Z0-9]/.test(char)) throw reader.fault(`\\${char} is not understood`);
  return known ?? ((other) => other === char);
}

/** What a class in brackets accepts; the first bracket was read. */
export function charClass(reader: PatternReader): Accepts {
  const negated = reader.skip('^');
  const members = [member(reader)];
  while (!reader.skip(']')) members.push(member(reader));
  return (char) => members.some((accepts) => accepts(char)) !== negated;
}

function member(reader: PatternReader): Accepts {
  const low = reader.next('a ] is missing');
  if (low === '\\') return escaped(reader);
  const high = reader.peek(1);
  if (reader.peek() !== '-' || high === undefined || high === ']') return (char) => char === low;
  reader.skip(`-${high}`);
  return (char) => char >= low && char <= high;
}

const ESCAPES: Readonly<Record<string, Accepts>> = {
  d: (char) => /[0-9]/.test(char),
  D: (char) => !/[0-9]/.test(char),
  w: (char) => /\w/.test(char),
  W: (char) => !/\w/.test(char),
  s: (char) => /\s/.test(char),
  S: (char) => !/\s/.test(char),
  n: (char) => char === '\n',
  t: (char) => char === '\t',
};
