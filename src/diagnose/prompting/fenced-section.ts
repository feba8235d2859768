import type { Redacting } from '../redact/redactor.ts';
import { cutToTokens } from './budget.ts';
import type { Fence } from './fence.ts';

export interface Sections {
  /** Data as a prompt may hold it: redacted, within its tokens (marks not counted), fenced. */
  of(name: string, words: string, tokens: number): string;
  /** The same without marks, for what a model said itself: marks in its mouth would be marks in its next answer. */
  plain(words: string, tokens: number): string;
  /** How many values were kept back so far. */
  redacted(): number;
}

export function createSections({ fence, redactor }: { readonly fence: Fence; readonly redactor: Redacting }): Sections {
  let redacted = 0;

  function plain(words: string, tokens: number): string {
    const { text, count } = redactor.redact(words);
    redacted += count;
    const whole = fence.defang(text);
    const kept = cutToTokens(whole, tokens);
    return kept === whole ? whole : `${kept}…`;
  }

  return {
    of: (name, words, tokens) => fence.wrap(name, {}, plain(words, tokens)),
    plain,
    redacted: () => redacted,
  };
}
