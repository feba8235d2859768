import type { Inline, Rich } from '../../cards/card.ts';
import { BOT, BOT_NAMES } from './people.ts';
import type { Author } from './ports.ts';

/** What somebody typed, understood: for the room as rich text, for the bot as plain words. */
export interface Typed {
  readonly rich: Rich;
  /** Without the bot's own mention; other mentions stay as `@name`. */
  readonly text: string;
  readonly addressed: boolean;
  readonly mentions: readonly Author[];
}

/** Finds `@name` of the bot and of the people; a name in Latin letters must end where the word ends. */
export function parseTyped(typed: string, people: readonly Author[]): Typed {
  const names = namesOf(people);
  const rich: Inline[] = [];
  const mentions = new Map<string, Author>();
  let plain = '';
  let text = '';
  for (let at = 0; at < typed.length;) {
    const hit = mentionAt(typed, at, names);
    if (hit === undefined) {
      const char = typed.charAt(at);
      plain += char;
      text += char;
      at += 1;
      continue;
    }
    if (plain !== '') rich.push({ text: plain });
    plain = '';
    rich.push({ mention: hit.author });
    mentions.set(hit.author.id, hit.author);
    if (hit.author.id !== BOT.id) text += `@${hit.author.name}`;
    at += hit.length;
  }
  if (plain !== '') rich.push({ text: plain });
  const addressed = mentions.delete(BOT.id);
  return { rich, text: text.trim(), addressed, mentions: [...mentions.values()] };
}

interface Name {
  readonly name: string;
  readonly author: Author;
}

/** Longest first, so that a name which begins another never hides it. */
function namesOf(people: readonly Author[]): readonly Name[] {
  const bot = [...BOT_NAMES, BOT.name].map((name) => ({ name, author: { id: BOT.id, name } }));
  const others = people.flatMap((author) => [author.name, author.id].map((name) => ({ name, author })));
  return [...bot, ...others].toSorted((a, b) => b.name.length - a.name.length);
}

const WORD = /[A-Za-z0-9_]/;

function mentionAt(typed: string, at: number, names: readonly Name[]): { author: Author; length: number } | undefined {
  // `mail@zhiban.example` mentions nobody.
  if (typed[at] !== '@' || WORD.test(typed.charAt(at - 1))) return undefined;
  const rest = typed.slice(at + 1);
  const lower = rest.toLowerCase();
  const hit = names.find(({ name }) => {
    if (!lower.startsWith(name.toLowerCase())) return false;
    return !WORD.test(name.slice(-1)) || !WORD.test(rest.charAt(name.length));
  });
  return hit && { author: hit.author, length: hit.name.length + 1 };
}
