import type { Request } from 'express';
import type { Person } from '../channels/playground/people.ts';
import type { Locale } from '../types.ts';
import { TEXTS, type Texts } from './texts.ts';

export type Theme = 'light' | 'dark';

/** How a page is shown to whoever asks for it; nothing here grants anything. */
export interface Visitor {
  readonly locale: Locale;
  readonly texts: Texts;
  /** Absent: as the system has it. */
  readonly theme?: Theme;
}

/**
 * Language and theme: the address first, then what the page remembered in a cookie. What the browser prefers counts for
 * nothing: the cards speak the room's language, and a page that speaks another one looks broken.
 */
export function visitorOf(request: Request, fallback: Locale): Visitor {
  const cookies = cookiesOf(request.headers.cookie ?? '');
  const wanted = queryOf(request, 'lang') ?? cookies.get('zhiban_lang');
  const locale = localeOf(wanted) ?? fallback;
  const theme = queryOf(request, 'theme') ?? cookies.get('zhiban_theme');
  return { locale, texts: TEXTS[locale], ...((theme === 'light' || theme === 'dark') && { theme }) };
}

/** The same where people are not let in yet, beside no card: what the browser prefers counts after what they chose. */
export const strangerOf = (request: Request, fallback: Locale): Visitor =>
  visitorOf(request, preferredOf(request.headers['accept-language'] ?? '') ?? fallback);

/** Of the languages that are ours the one with the highest `q`, the first of equals. */
function preferredOf(header: string): Locale | undefined {
  const wanted = header.split(',').flatMap((part) => {
    const [, range, q = '1'] = LANGUAGE.exec(part) ?? [];
    const locale = localeOf(range);
    return locale === undefined || Number(q) === 0 ? [] : [{ locale, q: Number(q) }];
  });
  return wanted.toSorted((a, b) => b.q - a.q)[0]?.locale;
}

/** https://www.rfc-editor.org/rfc/rfc9110#field.accept-language */
const LANGUAGE = /^ *([a-z]{2,3}(?:-[a-z\d]+)*) *(?:; *q=([01](?:\.\d{0,3})?) *)?$/i;

/** Whom the window plays; the first person when the address names nobody we know. */
export function personOf(request: Request, people: readonly Person[]): Person | undefined {
  const wanted = queryOf(request, 'as');
  return people.find((person) => person.id === wanted) ?? people[0];
}

/** One value of the query, the first when it is repeated. */
export function queryOf(request: Request, name: string): string | undefined {
  const { originalUrl } = request;
  const question = originalUrl.indexOf('?');
  // Not as an address: `//` is a path here and none that a URL could have.
  return question === -1 ? undefined : (new URLSearchParams(originalUrl.slice(question)).get(name) ?? undefined);
}

function localeOf(wanted: string | undefined): Locale | undefined {
  if (wanted === undefined) return undefined;
  if (/^zh/i.test(wanted)) return 'zh-CN';
  return /^en/i.test(wanted) ? 'en-US' : undefined;
}

const cookiesOf = (header: string): ReadonlyMap<string, string> =>
  new Map(
    header.split(';').map((pair) => {
      const at = pair.indexOf('=');
      return [pair.slice(0, at).trim(), pair.slice(at + 1).trim()];
    }),
  );
