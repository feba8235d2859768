/**
 * Regular expressions of strangers, matched in time linear in the input: a subset (literals, `.`, classes, groups,
 * `|`, `* + ?`, `{m,n}` up to 20) run as a nondeterministic automaton, because the engine's own backtracks.
 * Always anchored at both ends, as Prometheus does.
 */
export interface SafeRegex {
  test(text: string): boolean;
}

const MAX_PATTERN = 256;
const MAX_STATES = 500;
const MAX_REPEAT = 20;
/** Longer label values are matched by their beginning. */
const MAX_INPUT = 1024;

type Accepts = (char: string) => boolean;
/** A step consumes one character; a split goes two ways without one; the end is the end. */
type State = { accepts?: Accepts; next: number; other?: number };
type Node = (automaton: State[], next: number) => number;

/** Throws `Error` in words for the person who wrote the pattern. */
export function compileRegex(pattern: string): SafeRegex {
  if (pattern.length > MAX_PATTERN) throw new Error(`pattern longer than ${MAX_PATTERN} characters`);
  const states: State[] = [{ next: -1 }];
  const start = createParser(Array.from(pattern))(states, 0);
  return { test: (text) => run(states, start, text) };
}

function run(states: readonly State[], start: number, text: string): boolean {
  let current = closure(states, [start]);
  for (const char of text.slice(0, MAX_INPUT)) {
    const next: number[] = [];
    for (const index of current) {
      const state = states[index];
      if (state?.accepts?.(char) === true) next.push(state.next);
    }
    if (next.length === 0) return false;
    current = closure(states, next);
  }
  return current.has(0);
}

/** Everything reachable without consuming a character. */
function closure(states: readonly State[], from: readonly number[]): Set<number> {
  const seen = new Set<number>();
  const waiting = [...from];
  for (let index = waiting.pop(); index !== undefined; index = waiting.pop()) {
    const state = states[index];
    if (state === undefined || seen.has(index)) continue;
    seen.add(index);
    if (state.accepts !== undefined || index === 0) continue;
    waiting.push(state.next);
    if (state.other !== undefined) waiting.push(state.other);
  }
  return seen;
}

/** Reads the pattern once and returns how to build its automaton. */
function createParser(chars: readonly string[]): Node {
  let at = 0;
  const fail = (why: string): never => {
    throw new Error(`pattern: ${why} at position ${at + 1}`);
  };

  function alternatives(): Node {
    const options = [sequence()];
    while (chars[at] === '|') {
      at += 1;
      options.push(sequence());
    }
    return options.reduceRight((rest, first) => either(first, rest));
  }

  function sequence(): Node {
    const parts: Node[] = [];
    while (at < chars.length && chars[at] !== '|' && chars[at] !== ')') parts.push(quantified());
    return (states, next) => parts.reduceRight((target, part) => part(states, target), next);
  }

  function quantified(): Node {
    const atom = one();
    const range = quantifier();
    if (range === undefined) return atom;
    if (quantifier() !== undefined) return fail('a quantifier on a quantifier');
    return repeated(atom, range.least, range.most);
  }

  function quantifier(): Range | undefined {
    const char = chars[at];
    if (char === '*' || char === '+' || char === '?') {
      at += 1;
      return { least: char === '+' ? 1 : 0, most: char === '?' ? 1 : undefined };
    }
    return char === '{' ? counted() : undefined;
  }

  function counted(): Range {
    const end = chars.indexOf('}', at);
    const parts = /^(\d+)(,(\d*))?$/.exec(chars.slice(at + 1, end === -1 ? at : end).join(''));
    if (parts === null) return fail('write {m}, {m,} or {m,n}');
    at = end + 1;
    const least = Number(parts[1]);
    const most = parts[2] === undefined ? least : parts[3] === '' ? undefined : Number(parts[3]);
    if (Math.max(least, most ?? 0) > MAX_REPEAT) return fail(`more than ${MAX_REPEAT} repeats`);
    return { least, most };
  }

  function one(): Node {
    const char = chars[at] ?? fail('something is missing');
    at += 1;
    if (char === '(') return group();
    if (char === '[') return step(charClass());
    if (char === '.') return step(() => true);
    if (char === '\\') return step(escaped());
    if ('*+?{'.includes(char)) return fail('nothing to repeat');
    // Anchors are allowed and mean nothing: the whole is anchored anyway.
    if (char === '^' || char === '$') return (_states, next) => next;
    return step((other) => other === char);
  }

  function group(): Node {
    if (chars[at] === '?') {
      if (chars[at + 1] !== ':') return fail('only (?:…) groups are understood');
      at += 2;
    }
    const inner = alternatives();
    if (chars[at] !== ')') return fail('a ) is missing');
    at += 1;
    return inner;
  }

  function escaped(): Accepts {
    const char = chars[at] ?? fail('something is missing after \\');
    at += 1;
    const known = ESCAPES[char];
    if (known === undefined && /[a-zA-Z0-9]/.test(char)) return fail(`\\${char} is not understood`);
    return known ?? ((other) => other === char);
  }

  function charClass(): Accepts {
    const negated = chars[at] === '^';
    if (negated) at += 1;
    const members: Accepts[] = [];
    while (chars[at] !== ']' || members.length === 0) members.push(member());
    at += 1;
    return (char) => members.some((accepts) => accepts(char)) !== negated;
  }

  function member(): Accepts {
    const low = chars[at] ?? fail('a ] is missing');
    at += 1;
    if (low === '\\') return escaped();
    const high = chars[at + 1];
    if (chars[at] !== '-' || high === undefined || high === ']') return (char) => char === low;
    at += 2;
    return (char) => char >= low && char <= high;
  }

  const whole = alternatives();
  if (at < chars.length) fail('a ) too many');
  return whole;
}

interface Range {
  readonly least: number;
  /** Without end when absent. */
  readonly most: number | undefined;
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

function add(states: State[], state: State): number {
  if (states.length >= MAX_STATES) throw new Error('pattern: too large once its repeats are written out');
  return states.push(state) - 1;
}

const step =
  (accepts: Accepts): Node =>
  (states, next) =>
    add(states, { accepts, next });

const either =
  (first: Node, second: Node): Node =>
  (states, next) =>
    add(states, { next: first(states, next), other: second(states, next) });

function repeated(atom: Node, least: number, most: number | undefined): Node {
  return (states, next) => {
    let target = most === undefined ? loop(atom, states, next) : next;
    for (let i = least; i < (most ?? 0); i += 1) target = add(states, { next: atom(states, target), other: next });
    for (let i = 0; i < least; i += 1) target = atom(states, target);
    return target;
  };
}

function loop(atom: Node, states: State[], next: number): number {
  const split = add(states, { next, other: next });
  const body = atom(states, split);
  states[split] = { next: body, other: next };
  return split;
}
