import { spanAt } from './span.ts';

/** A part of a model's text that may be the answer. */
export interface Candidate {
  readonly text: string;
  /** Where it ends in the text it was found in. */
  readonly end: number;
  /** The same in plain punctuation, when it is an object or array that ends where it should and is not too long; only then is it worth repair. */
  readonly straight?: string;
}

export interface Candidates {
  /** The likeliest first, a bounded number. */
  readonly list: readonly Candidate[];
  /** The text ends inside an object: whatever it was, it was cut. */
  readonly cut: boolean;
}

const MOST_FENCES = 8;
const MOST_OBJECTS = 8;

/** Fenced blocks, the whole text, its objects by length, and what lies between the first `{` and the last `}`. Linear. */
export function candidatesIn(text: string): Candidates {
  const { objects, cut } = objectsIn(text, 0);
  const first = text.indexOf('{');
  const last = text.lastIndexOf('}');
  const between = first === -1 || last < first ? [] : [partOf(text, first, last + 1)];
  return { list: [...fencesIn(text), partOf(text, 0, text.length), ...objects, ...between], cut };
}

/** True when an object begins at or after `from` that the text does not end. */
export const isCutAfter = (text: string, from: number): boolean => objectsIn(text, from).cut;

/** Without what a model thought aloud: a draft in there is no answer, and thinking that never ended had none. */
export function withoutThinking(text: string): string {
  let spoken: string[] = [];
  let from = 0;
  let thinking = false;
  for (const { 0: tag, index } of text.matchAll(THINKING)) {
    const ends = tag.startsWith('</');
    if (!ends && thinking) continue;
    if (!ends) spoken.push(text.slice(from, index));
    // An end without a beginning: all that stands before it was thought.
    else if (!thinking) spoken = [];
    thinking = !ends;
    from = index + tag.length;
  }
  if (!thinking) spoken.push(text.slice(from));
  return spoken
    .join(' ')
    .replace(/^\uFEFF/, '')
    .trim();
}

const THINKING = /<\/?(?:think|thinking|thought|reasoning)>/gi;

function partOf(text: string, from: number, to: number): Candidate {
  const part = text.slice(from, to).trim();
  const span = part.startsWith('{') || part.startsWith('[') ? spanAt(part, 0) : undefined;
  const straight = span?.kind === 'whole' && span.end === part.length ? span.straight : undefined;
  return { text: part, end: to, ...(straight === undefined ? {} : { straight }) };
}

function fencesIn(text: string): readonly Candidate[] {
  const fences: Candidate[] = [];
  let at = text.indexOf('```');
  while (at !== -1 && fences.length < MOST_FENCES) {
    const from =
      at +
      3 +
      (/^[\w+-]{0,20}[ \t]{0,8}\r?\n/.exec(text.slice(at + 3, at + 40))?.[0].length ?? languageAt(text, at + 3));
    const close = text.indexOf('```', from);
    const to = close === -1 ? text.length : close;
    fences.push(partOf(text, from, to));
    at = close === -1 ? -1 : text.indexOf('```', close + 3);
  }
  return fences;
}

/** "```json{": the name of the language, where nothing but an object could follow it. */
const languageAt = (text: string, from: number): number =>
  /^[a-z]{1,12}\s?(?=[{[])/i.exec(text.slice(from, from + 16))?.[0].length ?? 0;

/** Objects with a quoted key, the longest first. One that is not closed hides all that follows, for that is inside it. */
function objectsIn(text: string, from: number): { readonly objects: readonly Candidate[]; readonly cut: boolean } {
  const objects: (Candidate & { readonly length: number })[] = [];
  let at = nextObject(text, from);
  while (at !== -1) {
    const span = spanAt(text, at);
    if (span.kind === 'cut') return { objects, cut: true };
    if (span.kind === 'whole') keepLongest(objects, text, at, span);
    at = nextObject(text, span.end);
  }
  return { objects, cut: false };
}

function keepLongest(
  objects: (Candidate & { readonly length: number })[],
  text: string,
  from: number,
  { end, straight }: { readonly end: number; readonly straight?: string },
): void {
  const length = end - from;
  const shorter = objects.findIndex((one) => one.length < length);
  const place = shorter === -1 ? objects.length : shorter;
  if (place >= MOST_OBJECTS) return;
  objects.splice(place, 0, {
    text: text.slice(from, end),
    end,
    length,
    ...(straight === undefined ? {} : { straight }),
  });
  objects.length = Math.min(objects.length, MOST_OBJECTS);
}

function nextObject(text: string, from: number): number {
  OBJECT.lastIndex = from;
  return OBJECT.exec(text)?.index ?? -1;
}

/** In prose `{` may stand for anything; one before a quote, a comment or its own end begins an object. */
const OBJECT = /\{(?=\s{0,1000}(?:["'“”„‟＂‘’]|\/[/*]|#))/g;
