import type { Span } from './spans.ts';

const BEGIN = /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/g;
const END = /-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/g;
const LONGEST = 16_384;
/** What a key is made of, also when a line end is written as `\n`. */
const MATERIAL = /[A-Za-z0-9+/=\s\\:,"-]{0,16384}/y;

/** Private keys from their first line to their last, or as far as they go when that was cut off. */
export function findPrivateKeys(text: string): readonly Span[] {
  const spans: Span[] = [];
  let end: { readonly from: number; readonly to: number } | undefined;
  for (const found of text.matchAll(BEGIN)) {
    if (found.index < (spans.at(-1)?.to ?? 0)) continue;
    const body = found.index + found[0].length;
    if (end === undefined || end.from < body) end = nextEnd(text, body);
    const to = end.from - body <= LONGEST ? end.to : materialEnd(text, body);
    spans.push({ from: found.index, to, kind: 'secret' });
  }
  return spans;
}

function nextEnd(text: string, from: number): { readonly from: number; readonly to: number } {
  const pattern = new RegExp(END);
  pattern.lastIndex = from;
  const found = pattern.exec(text);
  return found === null ? { from: Infinity, to: Infinity } : { from: found.index, to: found.index + found[0].length };
}

function materialEnd(text: string, from: number): number {
  const pattern = new RegExp(MATERIAL);
  pattern.lastIndex = from;
  return from + (pattern.exec(text)?.[0].length ?? 0);
}
