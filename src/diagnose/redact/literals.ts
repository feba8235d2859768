import type { Span } from './spans.ts';

const SHORTEST = 5;
const SHORTEST_LINE = 16;

/** A secret as it is, as addresses, JSON and base64 write it, and the lines of one that has several. */
export function literalsOf(secrets: readonly string[]): readonly string[] {
  const all = secrets.flatMap((secret) => {
    const value = secret.trim();
    const lines = value.split('\n').map((line) => line.trim());
    return value.length < SHORTEST
      ? []
      : [
          value,
          encodeURIComponent(value.toWellFormed()),
          JSON.stringify(value).slice(1, -1),
          Buffer.from(value, 'utf8').toString('base64').replace(/=+$/, ''),
          ...lines.filter((line) => lines.length > 1 && line.length >= SHORTEST_LINE),
        ];
  });
  return [...new Set(all)];
}

export function findLiterals(text: string, literals: readonly string[]): readonly Span[] {
  const spans: Span[] = [];
  for (const literal of literals)
    for (let from = text.indexOf(literal); from !== -1; from = text.indexOf(literal, from + literal.length))
      spans.push({ from, to: from + literal.length, kind: 'secret' });
  return spans;
}
