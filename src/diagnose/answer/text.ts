import { cleanText, wellFormedEnd } from '../redact/clean.ts';
import { withoutLinks } from './links.ts';

export interface CleanOptions {
  /** Characters that are shown at most. */
  readonly max: number;
  /** Takes secrets out; what it puts in their place must be plain text. */
  readonly redact: (text: string) => string;
}

/**
 * A model's words as one line of plain text that no platform makes anything of: without secrets, markup, links (a host
 * stays, as `evil[.]example`), mentions and what cannot be seen. Whatever goes in, none of `://`, `](`, `@`, `<`, `>` comes
 * out. Never throws; bounded time.
 */
export function cleanAnswerText(text: string, { max, redact }: CleanOptions): string {
  // What joins pieces comes first, so that nothing forbidden can come about behind the step that looks for it.
  const read = decoded(text.slice(0, max * READ + 256))
    .replaceAll(KEPT, '')
    .replaceAll(PSEUDONYM, '\uE000$1\uE001');
  const joined = withoutMarkup(plain(cleanText(read, max * READ)));
  const quiet = redact(joined).replaceAll(IN_A_TOKEN, ' at ').replaceAll('@', '');
  const inert = REMAINDERS.reduce((now, [what, by]) => now.replaceAll(what, by), withoutLinks(quiet));
  const named = inert.replaceAll(/\uE000([a-z-]{2,12}-\d{1,6})\uE001/g, '⟦$1⟧').replaceAll(KEPT, '');
  return shortened(named.replaceAll(/\s+/g, ' ').trim(), max);
}

/** The names that stand for personal data in a prompt, and the characters they hide behind while the rest is cleaned. */
const PSEUDONYM = /⟦\s{0,3}([a-z-]{2,12}-\d{1,6})\s{0,3}⟧/g;
const KEPT = /[\uE000\uE001]/g;

/** How many times the shown length is read: more than that is not worth what it hides. */
const READ = 8;

const IN_A_TOKEN = /(?<=[\w.])@(?=\w)/g;
const REMAINDERS: readonly (readonly [string | RegExp, string])[] = [
  ['://', ': '],
  ['](', '] ('],
  ['<', '＜'],
  ['>', '＞'],
  [/&(?=#|[a-z]{2,10};)/gi, '＆'],
];

/** Letters, digits and signs in full width mean the same to a person, and to some platforms. */
const plain = (text: string): string => text.replaceAll(/[Ａ-Ｚａ-ｚ０-９＠＜＞．]/g, (wide) => wide.normalize('NFKC'));

/** Twice, for `&amp;lt;` is what an escaped `&lt;` looks like. */
const decoded = (text: string): string => [1, 2].reduce((now) => now.replaceAll(ENTITY, entityOf), text);
const ENTITY = /&(?:(lt|gt|amp|quot|apos|commat|colon|sol|period|nbsp)|#(\d{1,7})|#x([0-9a-f]{1,6}));/gi;
const NAMED: Readonly<Record<string, string>> = {
  lt: '<',
  gt: '>',
  amp: '&',
  quot: '"',
  apos: "'",
  commat: '@',
  colon: ':',
  sol: '/',
  period: '.',
  nbsp: ' ',
};

function entityOf(
  entity: string,
  name: string | undefined,
  decimal: string | undefined,
  hex: string | undefined,
): string {
  if (name !== undefined) return NAMED[name.toLowerCase()] ?? entity;
  const point = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal);
  return point > 0 && point <= 0x10_ffff ? String.fromCodePoint(point) : ' ';
}

const withoutMarkup = (text: string): string =>
  text.replaceAll(TAG, ' ').replaceAll(LINK, '$1').replaceAll(MARKS, '').replaceAll(LINE_MARKS, '$1');

/** HTML, Lark's `<at …>`, Slack's `<!channel>` and `<@U…>`; `< 5` is a comparison. */
const TAG = /<(?=[a-z/!?@#*$])[^<>]{0,1000}>/gi;
const LINK = /!?\[([^[\]]{0,500})\]\([^()]{0,2000}\)/g;
/** Fences, code, bold, struck out; one `*` or `_` may be part of a name. */
const MARKS = /`{1,100}|\*{2,100}|~{2,100}|(?<!\w)_{2,100}(?=\w)|(?<=\w)_{2,100}(?!\w)/g;
/** Headings, quotes, bullets. */
const LINE_MARKS = /(^|\n)[ \t]{0,20}(?:#{1,6}|>{1,10}|[-*+•])[ \t]{1,20}/g;

function shortened(text: string, max: number): string {
  if (text.length <= max) return text;
  const points = Array.from(text);
  return points.length <= max ? text : wellFormedEnd(`${points.slice(0, max - 1).join('')}…`);
}
