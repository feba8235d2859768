/** No evidence is read further than this into one line: what follows costs tokens and tells nothing. */
export const MAX_LINE = 4096;
/** No source is read further than this, in UTF-16 units. */
export const MAX_TEXT = 200_000;

/**
 * Text as a model or a person may get it: without what cannot be seen (invisible characters hide instructions from
 * people and secrets from rules), terminal codes, and control characters but line ends and tabs; letters in fancy dress
 * (mathematical, circled) are plain ones. Lines and the whole are bounded; what was cut off ends in `…`. Linear.
 */
export function cleanText(text: string, maxChars = MAX_TEXT): string {
  const bounded = text.length > maxChars ? `${cutAtToken(text, maxChars)}…` : text;
  const seen = PLAIN.test(bounded) ? bounded : withoutUnseen(bounded);
  const shortened = seen.length > MAX_LINE ? capLines(seen) : seen;
  return shortened.replaceAll(BLANK_LINES, '\n\n');
}

/** The first characters, without the token that the cut would go through: half a secret is no longer recognised. */
export function cutAtToken(text: string, maxChars: number): string {
  if (text.length <= maxChars) return text;
  let end = maxChars;
  if (isTokenPart(text.charCodeAt(end)))
    while (end > 0 && maxChars - end < LONGEST_TOKEN && isTokenPart(text.charCodeAt(end - 1))) end -= 1;
  return wellFormedEnd(text.slice(0, end));
}

const LONGEST_TOKEN = 512;

/** Any printable ASCII character but quotes, brackets and separators that no token has. */
const isTokenPart = (unit: number): boolean => unit > 0x20 && unit < 0x7f && !SEPARATORS.has(unit);
const SEPARATORS = new Set(Array.from('"\'`,;<>(){}[]', (character) => character.charCodeAt(0)));

/** Never ends in the first half of a surrogate pair. */
export const wellFormedEnd = (text: string): string =>
  /[\uD800-\uDBFF]$/.test(text.slice(-1)) ? text.slice(0, -1) : text;

const PLAIN = /^[\n\t\x20-\x7E\u4E00-\u9FFF]*$/;
const BLANK_LINES = /\n{3,4096}/g;

const withoutUnseen = (text: string): string =>
  text
    .replaceAll(TERMINAL, '')
    .replaceAll(LINE_ENDS, '\n')
    .replaceAll(UNSEEN, '')
    .replaceAll(FORGED, (bracket) => (bracket === '⟦' ? '[' : ']'))
    .replaceAll(FANCY, (letters) => letters.normalize('NFKC'))
    .toWellFormed();

/** Written with escapes only: the characters themselves would be invisible here too. */
const TERMINAL = new RegExp(
  String.raw`(?:\x1B\[|\x9B)[0-?]{0,64}[ -\/]{0,16}[@-~]|(?:\x1B[\]PX^_]|[\x90\x9D])[^\x07\x1B\n]{0,2048}(?:\x07|\x1B\\)|\x1B[ -\/]{0,4}[0-~]`,
  'g',
);
const LINE_ENDS = /\r\n|[\r\u0085\u2028\u2029]/g;
const UNSEEN = new RegExp(
  String.raw`[\p{Default_Ignorable_Code_Point}\uFFF9-\uFFFB\0-\x08\x0B-\x1F\x7F-\x9F]{1,4096}`,
  'gu',
);
/** Our placeholders' brackets, unless they say what one that is never restored says. */
const FORGED =
  /⟦(?!(?:secret|email|phone|id-card|bank-card|host|ip)⟧)|(?<!⟦(?:secret|email|phone|id-card|bank-card|host|ip))⟧/g;
const FANCY = new RegExp(String.raw`[\u{1D400}-\u{1D7FF}\u24B6-\u24E9\u{1F110}-\u{1F149}]{1,1024}`, 'gu');

/** Whether cleaning takes something readable away. */
export function isTooLong(text: string, maxChars = MAX_TEXT): boolean {
  if (text.length > maxChars) return true;
  for (let from = 0; text.length - from > MAX_LINE;) {
    const end = text.indexOf('\n', from);
    if (end === -1 || end - from > MAX_LINE) return true;
    from = end + 1;
  }
  return false;
}

function capLines(text: string): string {
  const parts: string[] = [];
  let from = 0;
  while (from <= text.length) {
    const end = text.indexOf('\n', from);
    const to = end === -1 ? text.length : end;
    parts.push(to - from > MAX_LINE ? `${cutAtToken(text.slice(from, to), MAX_LINE)}…` : text.slice(from, to));
    from = to + 1;
  }
  return parts.join('\n');
}
