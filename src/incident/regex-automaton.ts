/** Whether a character is one that a step consumes. */
export type Accepts = (char: string) => boolean;
/** A step consumes one character; a split goes two ways without one; the first of all is the end. */
export type State = { accepts?: Accepts; next: number; other?: number };
/** Adds a part that goes on to the state `next`; returns the state it starts at. Throws beyond `MAX_STATES`. */
export type Node = (automaton: State[], next: number) => number;

const MAX_STATES = 500;

/** Whether the whole of `text` leads from the state `start` to the end. */
export function run(states: readonly State[], start: number, text: string): boolean {
  let current = closure(states, [start]);
  for (const char of text) {
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

/** Consumes one character that is accepted. */
export const step =
  (accepts: Accepts): Node =>
  (states, next) =>
    add(states, { accepts, next });

/** One or the other. */
export const either =
  (first: Node, second: Node): Node =>
  (states, next) =>
    add(states, { next: first(states, next), other: second(states, next) });

/** So many times; without end where `most` is absent. */
export function repeated(atom: Node, least: number, most: number | undefined): Node {
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

function add(states: State[], state: State): number {
  if (states.length >= MAX_STATES) throw new Error('pattern: too large once its repeats are written out');
  return states.push(state) - 1;
}
