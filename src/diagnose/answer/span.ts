/** What begins at an opening bracket. */
export type Span =
  /** Closed; `straight` is its text in plain JSON punctuation, for a repair that has nothing left to guess at; absent when it is long. */
  | { readonly kind: 'whole'; readonly end: number; readonly straight?: string }
  /** A bracket closes what another kind opened. */
  | { readonly kind: 'broken'; readonly end: number }
  /** The text ends inside it. */
  | { readonly kind: 'cut' };

/**
 * Reads one object or array from its opening bracket to the one that closes it, in one pass and without recursion.
 * Lenient inside: single and typographic quotes, `：` and `，`, raw line ends, comments, and quotes that nobody escaped (one
 * ends a string only where punctuation follows). Strict about the end: nothing is ever closed that the text left open, and on
 * text that began as valid JSON it is exact. That is why an answer cut short can not pass.
 */
export function spanAt(text: string, from: number): Span {
  const open: string[] = [];
  const out: string[] = [];
  let at = from;
  while (at < text.length) {
    const char = text.charAt(at);
    const closers = QUOTES.get(char);
    if (closers !== undefined) {
      const end = endOfString(text, at + 1, closers);
      if (end === undefined) return { kind: 'cut' };
      if (end - from <= LONGEST) out.push(stringOf(text.slice(at + 1, end)));
      at = end + 1;
      continue;
    }
    const after = endOfComment(text, at);
    if (after > at) {
      at = after;
      continue;
    }
    at += 1;
    if (at - from <= LONGEST) out.push(PUNCTUATION.get(char) ?? char);
    const closer = BRACKETS.get(char);
    if (closer !== undefined) open.push(closer);
    else if (char === '}' || char === ']') {
      if (open.pop() !== char) return { kind: 'broken', end: at };
      if (open.length === 0)
        return { kind: 'whole', end: at, ...(at - from <= LONGEST ? { straight: out.join('') } : {}) };
    }
  }
  return { kind: 'cut' };
}

/** The repair recurses and copies what it reads; an answer within our output limit has a third of this. */
const LONGEST = 16_384;

const BRACKETS = new Map([
  ['{', '}'],
  ['[', ']'],
]);
const PUNCTUATION = new Map([
  ['：', ':'],
  ['，', ','],
]);
const DOUBLE = '“”„‟＂"';
const SINGLE = "‘’'";
/** What may end a string, by what began it. */
const QUOTES = new Map([
  ['"', '"'],
  ["'", "'"],
  ...Array.from('“”„‟＂', (q) => [q, DOUBLE] as const),
  ...Array.from('‘’', (q) => [q, SINGLE] as const),
]);

/** Where the quote stands that ends the string: the first one that punctuation follows. */
function endOfString(text: string, from: number, closers: string): number | undefined {
  for (let at = from; at < text.length; at += 1) {
    const char = text.charAt(at);
    if (char === '\\') at += 1;
    else if (closers.includes(char) && punctuationFollows(text, at + 1)) return at;
  }
  return undefined;
}

function punctuationFollows(text: string, from: number): boolean {
  NEXT.lastIndex = from;
  return NEXT.test(text);
}

const NEXT = /\s*(?:[,:}\]，：]|\/[/*]|#|$)/y;

function endOfComment(text: string, at: number): number {
  const char = text.charAt(at);
  if (char === '#' || text.startsWith('//', at)) return endOr(text, text.indexOf('\n', at), 0);
  return text.startsWith('/*', at) ? endOr(text, text.indexOf('*/', at + 2), 2) : at;
}

const endOr = (text: string, found: number, length: number): number => (found === -1 ? text.length : found + length);

/** The content of a string, whatever was left unescaped in it, as a JSON string. */
const stringOf = (content: string): string => `"${content.replaceAll(UNESCAPED, escaped)}"`;

// oxlint-disable-next-line no-control-regex
const UNESCAPED = /\\[^]?|["\0-\x1f]/g;

function escaped(part: string): string {
  if (part === "\\'") return "'";
  if (part.startsWith('\\')) return /^\\["\\/bfnrtu]$/.test(part) ? part : `\\${part}`;
  return part === '"' ? '\\"' : JSON.stringify(part).slice(1, -1);
}
