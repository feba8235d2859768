import type { Inline, Rich } from '../../cards/card.ts';
import type { Locale } from '../../types.ts';
import type { LarkContent } from './api.ts';

export interface Mention {
  readonly id: string;
  readonly name: string;
}

/**
 * Text as a message of type `post`, whose pieces are data and not markup: `<at …>` inside a text stays text (in a `text`
 * message it would call people). Only ids of the form `ou_…` become mentions, anything else is shown as `@name`.
 */
export const postOf = (text: Rich, mentions: readonly Mention[], locale: Locale): LarkContent => ({
  type: 'post',
  content: postContent(text, mentions, locale),
});

/** The same as the object that a custom bot takes. */
export function postContent(text: Rich, mentions: readonly Mention[], locale: Locale): object {
  const named = new Set(text.flatMap((part) => ('mention' in part ? [part.mention.id] : [])));
  const others = mentions.filter(({ id }) => !named.has(id)).flatMap((mention): Rich => [{ text: ' ' }, { mention }]);
  const key = locale === 'zh-CN' ? 'zh_cn' : 'en_us';
  return { [key]: { title: '', content: lines([...text, ...others]) } };
}

/** The text with nobody called: names stay readable. */
export const withoutMentions = (text: Rich): Rich =>
  text.map((part) => ('mention' in part ? { text: `@${part.mention.name}` } : part));

/** A paragraph is an array of pieces; line ends inside a piece would be shown as they are or not at all. */
function lines(text: Rich): readonly (readonly object[])[] {
  const paragraphs: object[][] = [[]];
  for (const part of text) {
    const [first = '', ...rest] = 'text' in part ? part.text.split('\n') : [''];
    paragraphs.at(-1)?.push(pieceOf('text' in part ? { ...part, text: first } : part));
    for (const line of rest) paragraphs.push([pieceOf({ ...part, text: line })]);
  }
  return paragraphs;
}

const OPEN_ID = /^ou_[A-Za-z0-9]+$/u;
const STYLES: Readonly<Record<string, string>> = { bold: 'bold', strike: 'lineThrough' };

function pieceOf(part: Inline): object {
  if (!('mention' in part)) {
    const style = STYLES[part.style ?? ''];
    return { tag: 'text', text: part.text, ...(style !== undefined && { style: [style] }) };
  }
  const { id, name } = part.mention;
  return OPEN_ID.test(id) ? { tag: 'at', user_id: id } : { tag: 'text', text: `@${name}` };
}
