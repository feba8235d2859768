import { parseJson } from '../json.ts';

/** Names under which models and the servers before them hand an answer over. */
const WRAPPERS = ['result', 'output', 'data', 'answer', 'diagnosis', 'arguments'];
const DEEPEST = 5;

/** The value inside strings that are JSON themselves, lists of one and wrapping objects; `undefined` when there is none. */
export function unwrapped(value: unknown, depth = 0): unknown {
  if (depth >= DEEPEST) return undefined;
  if (typeof value === 'string') return unwrapped(parsedText(value), depth + 1);
  if (Array.isArray(value)) return value.length === 1 ? unwrapped(value[0], depth + 1) : undefined;
  if (typeof value !== 'object' || value === null || Object.hasOwn(value, 'summary')) return value;
  const name = WRAPPERS.find((one) => Object.hasOwn(value, one));
  return name === undefined ? value : (unwrapped(Reflect.get(value, name), depth + 1) ?? value);
}

/** Only what begins like an object: a number in a string is no answer. */
const parsedText = (text: string): unknown => (/^\s{0,100}["[{]/.test(text) ? parseJson(text) : undefined);
