import type { Span } from './spans.ts';
import { WHOLE_TOKEN } from './tokens.ts';

const LONGEST = 512;
const MOST_LINES = 24;
/** Shorter lines end because they are over. */
const SHORTEST_WRAPPED = 56;

/**
 * Tokens that go on in the next line: where a line ends in the first part of one, the parts are put together and looked
 * at again; what follows a secret that reaches the line's end and is nothing but more of it belongs to it. Every line is
 * read back from its end once, so this is linear.
 */
export function findWrapped(text: string, known: readonly Span[]): readonly Span[] {
  const ends = new Map(known.filter(({ kind }) => kind === 'secret').map((span) => [span.to, span]));
  const spans: Span[] = [];
  const patterns = { whole: new RegExp(WHOLE_TOKEN), rest: new RegExp(REST), line: new RegExp(LINE) };
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) {
    const end = text.charAt(at - 1) === '\\' ? at - 1 : at;
    if (end === 0 || !isPart(text.charCodeAt(end - 1))) continue;
    const secret = ends.get(end);
    const span = secret === undefined ? wrappedToken(text, end, patterns) : goingOn(text, at, secret, patterns);
    if (span !== undefined) spans.push(span);
  }
  return spans;
}

/** One copy for each text: a pattern remembers where it is, and a copy for every line would cost more than the search. */
interface Patterns {
  readonly whole: RegExp;
  readonly rest: RegExp;
  readonly line: RegExp;
}

/** Letters, digits and `+ / = - _ .` */
const isPart = (unit: number): boolean =>
  (unit >= 0x61 && unit <= 0x7a) ||
  (unit >= 0x41 && unit <= 0x5a) ||
  (unit >= 0x2d && unit <= 0x39) ||
  unit === 0x2b ||
  unit === 0x3d ||
  unit === 0x5f;

function wrappedToken(text: string, end: number, { whole, rest: restPattern }: Patterns): Span | undefined {
  let from = end;
  while (from > 0 && end - from < LONGEST && isPart(text.charCodeAt(from - 1))) from -= 1;
  const head = text.slice(from, end);
  if (!STARTS.test(head)) return undefined;
  const rest = restOf(text, end, restPattern);
  if (rest === undefined) return undefined;
  whole.lastIndex = 0;
  for (let found = whole.exec(head + rest.text); found !== null; found = whole.exec(head + rest.text)) {
    const beyond = found.index + found[0].length - head.length;
    if (found.index < head.length && beyond > 0 && /\d/.test(found[0]))
      return { from: from + found.index, to: rest.from + beyond, kind: 'secret' };
  }
  return undefined;
}

/** The first letters of every maker's form. */
const STARTS =
  /(?<![\w-])(?:AKI|ASI|LTA|STS|AKL|ALT|gh[opusr]_|github_|gl[a-z]{2,4}[-_]|npm_|pypi-|dckr_|xox|xapp|sk[-_]|rk_|app-|dataset-|hf_|gsk_|AIza|ya29|GOCSPX|hv[sb]\.|eyJ|SG\.)/;

function restOf(
  text: string,
  end: number,
  pattern: RegExp,
): { readonly from: number; readonly text: string } | undefined {
  pattern.lastIndex = end;
  const found = pattern.exec(text);
  const [all = '', part = ''] = found ?? [];
  return part === '' ? undefined : { from: end + all.length - part.length, text: part };
}
const REST = /\\?\n[ \t]{0,24}([\w+/=.-]{1,512})/y;

/** The lines after it that are nothing but such characters, digits among them. */
function goingOn(text: string, newline: number, secret: Span, { line: pattern }: Patterns): Span | undefined {
  if (newline - text.lastIndexOf('\n', newline - 1) <= SHORTEST_WRAPPED) return undefined;
  let to = newline;
  for (let lines = 0; lines < MOST_LINES; lines += 1) {
    pattern.lastIndex = to;
    const found = pattern.exec(text);
    if (found === null || !/\d/.test(found[0]) || !/[A-Za-z]/.test(found[0])) break;
    to = pattern.lastIndex;
  }
  return to === newline ? undefined : { ...secret, to };
}
const LINE = /\n[ \t]{0,24}[\w+/=.-]{8,512}\\?(?=\n|$)/y;
