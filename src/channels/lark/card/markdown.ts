import type { Inline, Rich } from '../../../cards/card.ts';

export interface MarkdownOptions {
  /** False: people are named and not notified. One invalid id makes the platform refuse the whole card (100290). */
  readonly mentions: boolean;
}

/**
 * What the platform's markdown gives a meaning to anywhere in a line [LD rich-text-markdown, the table of escapes], and
 * `&` and `|`. Tags, links, images, emphasis, `:emoji:` and mentions all need one of these.
 */
const SPECIAL = /[!"#$&'()*+:<>@[\\\]_`|~]/gu;

/** An `open_id`: the only id that our mentions use. Nothing in it can end the tag or add a second attribute. */
const OPEN_ID = /^ou_[0-9A-Za-z]{1,64}$/u;

/**
 * Formatted text as the platform's markdown. Every string is text and nothing else: whatever means something is written
 * as an entity, so `<at id=all></at>` in a label reads exactly so and rings nobody. Blank when there is nothing to read.
 */
export function richMarkdown(rich: Rich, options: MarkdownOptions): string {
  let made = '';
  let open = false;
  for (const part of rich) {
    const { markdown, apart } = fragment(part, options);
    if (markdown === '') continue;
    // `**` and backticks are only seen as marks with a space beside them [LD rich-text-markdown, 加粗].
    const touches = made !== '' && !/\s$/u.test(made) && !/^\s/u.test(markdown);
    made += touches && (open || apart) ? ` ${markdown}` : markdown;
    open = apart;
  }
  return made.trim() === '' ? '' : lineStarts(made);
}

/** Text for places that know no markup: one line without control characters. */
export const oneLine = (text: string): string => visible(text).replace(/\s+/gu, ' ').trim();

interface Fragment {
  readonly markdown: string;
  /** Has marks at its ends, which must not touch what stands beside them. */
  readonly apart: boolean;
}

function fragment(part: Inline, { mentions }: MarkdownOptions): Fragment {
  if ('mention' in part) {
    const { id, name } = part.mention;
    if (mentions && OPEN_ID.test(id)) return { markdown: `<at id=${id}></at>`, apart: true };
    return { markdown: escape(`@${oneLine(name)}`), apart: false };
  }
  const { text, style } = part;
  switch (style) {
    case 'bold':
      return marked('**', text);
    case 'strike':
      return marked('~~', text);
    case 'code':
      return code(text);
    case 'muted':
      // A separator alone is not worth the 27 bytes of its colour.
      return { markdown: /[\p{L}\p{N}]/u.test(text) ? grey(text) : escape(text), apart: false };
    case undefined:
      return { markdown: escape(text), apart: false };
  }
  return style satisfies never;
}

/** Small print's colour. */
const grey = (text: string): string => `<font color='grey'>${escape(text)}</font>`;

function marked(mark: string, text: string): Fragment {
  const inner = oneLine(text);
  return inner === ''
    ? { markdown: escape(text), apart: false }
    : { markdown: `${mark}${escape(inner)}${mark}`, apart: true };
}

/**
 * Entities are not read inside of backticks, so only text that could mean nothing there either is shown as code; the rest
 * is plain. Whether the platform looks for its tags before it looks for code is not documented.
 */
function code(text: string): Fragment {
  const inner = oneLine(text);
  return inner === '' || /[<&`\\]|\]\(/u.test(inner)
    ? { markdown: escape(inner), apart: false }
    : { markdown: `\`${inner}\``, apart: true };
}

const entity = (char: string): string => `&#${char.codePointAt(0) ?? 0};`;

const escape = (text: string): string => visible(text).replace(SPECIAL, entity);

/** Control characters but line ends become spaces; a lone surrogate has no UTF-8 form. */
const visible = (text: string): string => text.toWellFormed().replace(/[^\P{Cc}\n]|[\u2028\u2029]/gu, ' ');

/** What means something at the start of a line only: indented code, lists, underlines of headings, numbers. */
const lineStarts = (markdown: string): string =>
  markdown
    .replace(/^\n+|\n+$/gu, '')
    .replace(/^[^\S\n]+/gmu, (spaces) => '&nbsp;'.repeat(Math.min(spaces.length, 8)))
    .replace(/^[-=]/gmu, entity)
    .replace(/^(\d{1,9})\.(?=\s|$)/gmu, '$1&#46;');
