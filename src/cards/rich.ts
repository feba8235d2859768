import type { Inline, Rich } from './card.ts';
import { clean } from './clean.ts';

type Style = 'bold' | 'code' | 'muted' | 'strike';

/** Longest untrusted piece inside a card unless a builder says less. */
const LONGEST = 400;

/** One piece of text, cleaned. Untrusted text enters a card only through this and `clean`. */
export const piece = (text: string, style?: Style, max = LONGEST): Inline =>
  style === undefined ? { text: clean(text, max) } : { text: clean(text, max), style };

/** Spacing between pieces, which cleaning would trim away. */
export const gap = (text: string): Inline => ({ text });

export const line = (text: string, style?: Style, max = LONGEST): Rich => [piece(text, style, max)];

/** Pieces with ` · ` between them, empty ones left out. */
export const dotted = (...parts: readonly Rich[]): Rich =>
  parts
    .filter((part) => part.length > 0)
    .flatMap((part, index) => (index === 0 ? part : [{ text: ' · ', style: 'muted' as const }, ...part]));
