import { type Fields, objectOf, parseObject, textOf } from './read.ts';

/** A card is at most 30 KB; these bound what a hostile one can cost. */
const MOST_DEEP = 30;
const MOST_PARTS = 3000;

/** Where words stand in a card of any generation, in reading order. Buttons and inputs say nothing about the world. */
const WORDY = ['header', 'title', 'subtitle', 'text_tag_list', 'text', 'content', 'fields', 'columns', 'elements'];
const INSIDE = ['body', 'rows', 'i18n_elements'];
const SILENT: ReadonlySet<unknown> = new Set(['button', 'action', 'input', 'select_static', 'overflow', 'img', 'hr']);

/**
 * What another bot's card says, one line per element. Takes the simplified form in which the platform hands on a card
 * (`{title, elements: [[{tag, text}]]}`), and full cards of schema 1.0 and 2.0, also as JSON inside `json_card` or
 * `user_dsl`; which of them arrives is unverified.
 */
export function cardText(content: Fields): string {
  const whole = ['json_card', 'user_dsl'].map((name) => parseObject(textOf(content, name) ?? '')).find(Boolean);
  const lines: string[] = [];
  let parts = 0;

  const say = (text: string): void => void lines.push(plain(text));
  const walk = (value: unknown, depth: number): void => {
    if (depth > MOST_DEEP || (parts += 1) > MOST_PARTS) return;
    if (typeof value === 'string') return say(value);
    if (Array.isArray(value)) return isRow(value) ? say(rowText(value)) : each(value, depth);
    const fields = objectOf(value);
    if (fields === undefined || SILENT.has(fields['tag'])) return;
    each(
      [...WORDY, ...INSIDE].map((name) => fields[name]),
      depth,
    );
  };
  const each = (values: readonly unknown[], depth: number): void => {
    for (const value of values) walk(value, depth + 1);
  };

  walk(whole ?? content, 0);
  return lines.filter((line) => line !== '').join('\n');
}

/** A list of text parts is one line of the simplified form. */
const isRow = (values: readonly unknown[]): boolean =>
  values.length > 0 && values.every((value) => typeof objectOf(value)?.['text'] === 'string' || isLink(value));

const isLink = (value: unknown): boolean => objectOf(value)?.['tag'] === 'a';

const rowText = (values: readonly unknown[]): string =>
  values
    .map(objectOf)
    .filter((part) => !SILENT.has(part?.['tag']))
    .map((part) => textOf(part, 'text') ?? '')
    .join('');

/** Without the markup that stands around words: tags, bold and strike; people are no part of an alert. */
const plain = (text: string): string =>
  text
    .replaceAll(/<at\b[^<>]{0,200}>(?:<\/at>)?/gu, '')
    .replaceAll(/<\/?[a-z_]{1,20}\b[^<>]{0,200}>/gu, '')
    .replaceAll(/\*\*|~~/gu, '')
    .trim();
