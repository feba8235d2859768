import type { LarkBot } from './ports.ts';

/** Somebody mentioned, by the key that stands in the text for them (`@_user_1`). */
export interface Mention {
  readonly key: string;
  readonly id: string | undefined;
  readonly name: string;
  readonly bot: boolean;
}

export interface MentionsRead {
  /** Without our own mention; the others as `@name`. */
  readonly text: string;
  readonly addressed: boolean;
  /** A bot that is not us was mentioned. */
  readonly otherBot: boolean;
  readonly people: readonly { readonly id: string; readonly name: string }[];
}

/** Resolves the keys in a text. The id decides who is meant; a name only where there is no id to compare. */
export function readMentions(text: string, mentions: readonly Mention[], bot: LarkBot): MentionsRead {
  const ours = mentions.filter((mention) => isUs(mention, bot));
  const others = mentions.filter((mention) => !ours.includes(mention));
  const called = ours.length > 0 ? undefined : calledByName(text, bot.names);
  return {
    text: replaceKeys(called ?? text, mentions, ours).trim(),
    addressed: ours.length > 0 || called !== undefined,
    otherBot: others.some((mention) => mention.bot),
    people: [...new Map(others.flatMap(personOf))].map(([id, name]) => ({ id, name })),
  };
}

const personOf = ({ id, name, bot }: Mention): readonly (readonly [string, string])[] =>
  id === undefined || bot ? [] : [[id, name]];

function isUs({ id, name }: Mention, { openId, names }: LarkBot): boolean {
  if (id !== undefined && openId !== undefined) return id === openId;
  return names.some((ours) => ours.toLowerCase() === name.toLowerCase());
}

/** Longest key first, and none that only begins a longer one: `@_user_1` must not eat into `@_user_10`. */
function replaceKeys(text: string, mentions: readonly Mention[], ours: readonly Mention[]): string {
  const byKey = new Map(mentions.map((mention) => [mention.key, mention]));
  const keys = [...byKey.keys()].filter((key) => key !== '').toSorted((a, b) => b.length - a.length);
  if (keys.length === 0) return text.replaceAll(EVERYBODY, '@all');
  const any = new RegExp(String.raw`(${keys.map(literal).join('|')})(?!\d)(\s?)`, 'gu');
  return text
    .replaceAll(any, (_, key: string, space: string) => {
      const mention = byKey.get(key);
      return mention === undefined || ours.includes(mention) ? '' : `@${mention.name}${space}`;
    })
    .replaceAll(EVERYBODY, '@all');
}

const literal = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|/]/gu, String.raw`\$&`);

const EVERYBODY = /@_all(?![A-Za-z0-9_])/gu;

/** `@zhiban /help` typed without choosing the bot from the list; the rest of the text. */
function calledByName(text: string, names: readonly string[]): string | undefined {
  const [, rest] = /^\s*[@＠]([\s\S]*)$/u.exec(text) ?? [];
  if (rest === undefined) return undefined;
  const name = names
    .filter((one) => one !== '' && rest.toLowerCase().startsWith(one.toLowerCase()))
    .toSorted((a, b) => b.length - a.length)[0];
  if (name === undefined) return undefined;
  const after = rest.slice(name.length);
  // A name in Latin letters ends where the word ends.
  return /[A-Za-z0-9_]$/.test(name) && /^[A-Za-z0-9_]/.test(after) ? undefined : after;
}
