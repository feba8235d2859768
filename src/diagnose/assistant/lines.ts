import { shownText } from '../answer/shown.ts';

export interface LineOptions {
  readonly redact: (text: string) => string;
}

/** An answer is short; what is longer is cut. */
const MOST_LINES = 30;
const LONGEST_LINE = 600;
const LONGEST = 6000;

/**
 * A model's words as lines of inert plain text; `• ` and `1. ` in front of what was listed. Secrets are looked for in the
 * whole first, since some stretch over lines.
 */
export function shownLines(text: string, { redact }: LineOptions): string {
  const whole = redact(text.slice(0, LONGEST));
  const lines = whole
    .split(/\r?\n/)
    .slice(0, MOST_LINES * 2)
    .map((line) => lineOf(line, redact))
    .filter((line) => line !== '');
  return lines.slice(0, MOST_LINES).join('\n');
}

const LISTED = /^\s{0,12}(?:([-*+•])|(\d{1,2})[.)、])\s{1,4}/;

function lineOf(line: string, redact: (text: string) => string): string {
  const [mark = '', bullet, number] = LISTED.exec(line) ?? [];
  const shown = shownText(line.slice(mark.length), { max: LONGEST_LINE, redact });
  if (shown === '') return '';
  return bullet !== undefined ? `• ${shown}` : number !== undefined ? `${number}. ${shown}` : shown;
}
