import type { Mention } from './mentions.ts';
import { type Fields, listOf, objectOf, textOf } from './read.ts';

/**
 * A rich message as plain text, one line per paragraph, mentions as the keys that `mentions` knows. The platform sends
 * `{title, content: [[{tag, …}]]}`; what people's programs send, `{zh_cn: {…}}`, is understood as well.
 */
export function postText(content: Fields, mentions: readonly Mention[]): string {
  const post = Array.isArray(content['content']) ? content : firstLanguage(content);
  if (post === undefined) return '';
  const paragraphs = listOf(post['content']).map((line) =>
    listOf(line)
      .map((part) => partText(objectOf(part), mentions))
      .reduce(joined, ''),
  );
  const title = textOf(post, 'title');
  return (title === undefined ? paragraphs : [title, ...paragraphs]).join('\n').trim();
}

/** A digit right after a key would make it another key. */
const joined = (line: string, part: string): string =>
  /@_user_\d+$/u.test(line) && /^\d/u.test(part) ? `${line} ${part}` : line + part;

const firstLanguage = (content: Fields): Fields | undefined =>
  Object.values(content)
    .map(objectOf)
    .find((post) => Array.isArray(post?.['content']));

function partText(part: Fields | undefined, mentions: readonly Mention[]): string {
  switch (part?.['tag']) {
    case 'at':
      return mentionText(part, mentions);
    case 'a':
      return linkText(textOf(part, 'text') ?? '', textOf(part, 'href') ?? '');
    case 'hr':
      return '---';
    default:
      return textOf(part, 'text') ?? '';
  }
}

/** Carries the key of its entry in `mentions`; programs also write the person's id. */
function mentionText(part: Fields, mentions: readonly Mention[]): string {
  const id = textOf(part, 'user_id') ?? '';
  if (id === 'all' || id === '@_all') return '@_all';
  const key = mentions.find((mention) => mention.key === id || mention.id === id)?.key;
  return key ?? `@${textOf(part, 'user_name') ?? id}`;
}

const linkText = (text: string, href: string): string => (text === href || href === '' ? text : `${text} (${href})`);
