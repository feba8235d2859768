/** What is kept from leaving. Secrets are never shown again; the rest is data about people and machines. */
export type Kind = 'secret' | 'email' | 'phone' | 'id-card' | 'bank-card' | 'host' | 'ip';

/** A part of a text, from its first character to the one after its last. */
export interface Span {
  readonly from: number;
  readonly to: number;
  readonly kind: Kind;
}

/** In order and apart from each other; where two overlap, they are one, and a secret if either is. */
export function mergeSpans(spans: readonly Span[]): readonly Span[] {
  const merged: Span[] = [];
  for (const span of spans.toSorted((a, b) => a.from - b.from || b.to - a.to)) {
    const last = merged.at(-1);
    if (last === undefined || span.from >= last.to) merged.push(span);
    else merged[merged.length - 1] = joined(last, span);
  }
  return merged;
}

const joined = (a: Span, b: Span): Span => ({
  from: a.from,
  to: Math.max(a.to, b.to),
  kind: a.kind === 'secret' || b.kind === 'secret' ? 'secret' : a.kind,
});

/** Puts something else in the place of every span; they are in order and apart. */
export function replaceSpans(text: string, spans: readonly Span[], instead: (span: Span) => string): string {
  const parts: string[] = [];
  let from = 0;
  for (const span of spans) {
    parts.push(text.slice(from, span.from), instead(span));
    from = span.to;
  }
  return parts.join('') + text.slice(from);
}
