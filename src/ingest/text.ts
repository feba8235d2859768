import type { Labels } from '../types.ts';

const MAX_LABELS = 64;
const MAX_NAME = 256;
/** Characters of a label's value, and of an annotation's. */
export const LABEL_LENGTH = 4096;
export const ANNOTATION_LENGTH = 32_768;

/** What marks a text as cut. */
const CUT = '… [cut]';

/** Control characters but tab and line feed, bidi marks and overrides, the byte order mark. */
// oxlint-disable-next-line no-control-regex
const INVISIBLE = /[\0-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/;
const ALL_INVISIBLE = new RegExp(INVISIBLE.source, 'g');
const LONE_SURROGATE = /\p{Surrogate}/gu;

/** Text without what could hide, reorder or break it (NUL, lone surrogates, bidi), at most `max` characters. */
export function bounded(text: string, max: number): string {
  // A megabyte of rubbish is not worth scanning: what lies beyond twice the bound cannot matter.
  const head = text.length > max * 2 ? text.slice(0, max * 2) : text;
  const clean =
    !INVISIBLE.test(head) && head.isWellFormed()
      ? head
      : head.replaceAll(ALL_INVISIBLE, '').replaceAll(LONE_SURROGATE, '');
  if (clean.length <= max && head.length === text.length) return clean;
  return clean.slice(0, max - CUT.length).replace(LONE_SURROGATE, '') + CUT;
}

/** The same on one line. */
export const oneLine = (text: string, max: number): string =>
  bounded(text.length > max * 2 ? text.slice(0, max * 2 + 1) : text, max)
    .replaceAll(/\s+/g, ' ')
    .trim();

/** A string map from a stranger's object: scalars become text, anything else is left out, names are data. */
export function labelsOf(value: unknown, max: number): Labels {
  const labels = emptyLabels();
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return labels;
  let count = 0;
  // Not `Object.entries`: a body of a million keys would be listed before the bound is met.
  for (const key in value) {
    if (!Object.hasOwn(value, key)) continue;
    const content = contentOf(Reflect.get(value, key));
    const name = bounded(key, MAX_NAME);
    if (content === undefined || name === '') continue;
    if (count === MAX_LABELS) break;
    count += 1;
    labels[name] = bounded(content, max);
  }
  return labels;
}

/** Later maps win. */
export function mergeLabels(...maps: readonly Labels[]): Labels {
  const merged = emptyLabels();
  for (const map of maps) for (const name in map) merged[name] = map[name] ?? '';
  return merged;
}

/** `__proto__` is a name like any other in it. */
export const emptyLabels = (): Record<string, string> => Object.create(null);

export const hasLabels = (labels: Labels): boolean => {
  for (const _ in labels) return true;
  return false;
};

function contentOf(item: unknown): string | undefined {
  if (typeof item === 'string') return item;
  return typeof item === 'number' || typeof item === 'boolean' ? String(item) : undefined;
}
