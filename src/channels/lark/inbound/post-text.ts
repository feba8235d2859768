import type { Mention } from './mentions.ts';
import { type Fields, listOf, objectOf, textOf } from './read.ts';

/**
 * A rich message as plain text, one line per paragraph, mentions as the keys that `mentions` knows. The platform sends
 * `{title, content: [[{tag, …}]]}`; what people's programs send, `{zh_cn: {…}}`, is understood as well.
 */
export function postText(content: Fields, mentions: readonly Mention[]): string {
  const post = Array.isArray(content['content']) ? content : firstLanguage(content);
  if (post === undefined) return '';
  const keys = keysOf(mentions);
  const paragraphs = listOf(post['content']).map((line) =>
    joined(listOf(line).map((part) => partText(objectOf(part), keys))),
  );
  const title = textOf(post, 'title');
  return (title === undefined ? paragraphs : [title, ...paragraphs]).join('\n').trim();
}

/** Keys by themselves and by the id they stand for. */
type Keys = ReadonlyMap<string | undefined, string>;

const keysOf = (mentions: readonly Mention[]): Keys =>
  new Map(mentions.toReversed().flatMap(({ key, id }) => [[id, key] as const, [key, key] as const]));

/** A digit right after a key would make it another key. */
const joined = (parts: readonly string[]): string =>
  parts
    .filter((part) => part !== '')
    .map((part, at, all) => (/^@_user_\d+$/u.test(all[at - 1] ?? '') && /^\d/u.test(part) ? ` ${part}` : part))
    .join('');

const firstLanguage = (content: Fields): Fields | undefined =>
  Object.values(content)
    .map(objectOf)
    .find((post) => Array.isArray(post?.['content']));

function partText(part: Fields | undefined, keys: Keys): string {
  switch (part?.['tag']) {
    case 'at':
      return mentionText(part, keys);
    case 'a':
      return linkText(textOf(part, 'text') ?? '', textOf(part, 'href') ?? '');
    case 'hr':
      return '---';
    default:
      return textOf(part, 'text') ?? '';
  }
}

/** Carries the key of its entry in `mentions`; programs also write the person's id. */
function mentionText(part: Fields, keys: Keys): string {
  const id = textOf(part, 'user_id') ?? '';
  if (id === 'all' || id === '@_all') return '@_all';
  return keys.get(id) ?? `@${textOf(part, 'user_name') ?? id}`;
}

const linkText = (text: string, href: string): string => (text === href || href === '' ? text : `${text} (${href})`);
