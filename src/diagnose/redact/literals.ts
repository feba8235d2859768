import type { Span } from './spans.ts';

const SHORTEST = 5;
const SHORTEST_LINE = 16;

/** The literals of secrets as they are at each call; made anew when these are another array. */
export function createLiterals(secrets: readonly string[] | (() => readonly string[])): () => readonly string[] {
  let of: readonly string[] | undefined;
  let literals: readonly string[] = [];
  return () => {
    const now = typeof secrets === 'function' ? secrets() : secrets;
    if (now !== of) literals = literalsOf(now);
    of = now;
    return literals;
  };
}

/** A secret as it is, as addresses, JSON, HTML and base64 write it, and the lines of one that has several. */
function literalsOf(secrets: readonly string[]): readonly string[] {
  const all = secrets.flatMap((secret) => {
    const value = secret.trim();
    const lines = value.split('\n').map((line) => line.trim());
    return value.length < SHORTEST
      ? []
      : [
          value,
          ...inAddresses(value),
          ...inJson(value),
          value.replaceAll(/[<>"'&]/g, (char) => ENTITIES[char] ?? char),
          Buffer.from(value, 'utf8').toString('base64').replace(/=+$/, ''),
          Buffer.from(value, 'utf8').toString('base64url'),
          ...lines.filter((line) => lines.length > 1 && line.length >= SHORTEST_LINE),
        ];
  });
  return [...new Set(all)];
}

/** Some writers give percent codes in small letters. */
function inAddresses(value: string): readonly string[] {
  const encoded = encodeURIComponent(value.toWellFormed());
  return [encoded, encoded.replaceAll(/%[0-9A-F]{2}/g, (code) => code.toLowerCase())];
}

/** Once, and in JSON that is itself a string of JSON; some writers escape slashes, some whatever is not ASCII. */
function inJson(value: string): readonly string[] {
  const once = escaped(value);
  const ascii = once.replaceAll(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
  return [once, ascii, once.replaceAll('/', String.raw`\/`)].flatMap((form) => [form, escaped(form)]);
}

const escaped = (text: string): string => JSON.stringify(text).slice(1, -1);

const ENTITIES: Readonly<Record<string, string>> = {
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '&': '&amp;',
};

export function findLiterals(text: string, literals: readonly string[]): readonly Span[] {
  const spans: Span[] = [];
  for (const literal of literals)
    for (let from = text.indexOf(literal); from !== -1; from = text.indexOf(literal, from + literal.length))
      spans.push({ from, to: from + literal.length, kind: 'secret' });
  return spans;
}
