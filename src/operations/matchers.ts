import { z } from 'zod';
import type { Matcher } from './ports.ts';

const MATCHER = /^([\p{L}_][\p{L}\p{N}_.:/-]*)\s*(=~|!~|!=|=)\s*("(?:[^"\\]|\\.)*"|[^\s,{}"]+)[\s,]*/u;
/** More conditions than anybody writes by hand. */
const MAX_MATCHERS = 20;
const MAX_PATTERN = 300;

/** Reads `severity=warning service=~"pay.*"` from the start of a text; `rest` is what follows. */
export function takeMatchers(text: string): { readonly matchers: readonly Matcher[]; readonly rest: string } {
  const matchers: Matcher[] = [];
  let rest = text.trim().replace(/^\{/, '').trimStart();
  const braces = rest.length < text.trim().length;
  for (let found = MATCHER.exec(rest); found !== null && matchers.length < MAX_MATCHERS; found = MATCHER.exec(rest)) {
    const [whole, name = '', op = '=', value = ''] = found;
    matchers.push({ name, op: opOf(op), value: unquoted(value) });
    rest = rest.slice(whole.length);
  }
  return { matchers, rest: braces ? rest.replace(/^\}\s*/, '') : rest };
}

export const showMatchers = (matchers: readonly Matcher[]): string =>
  matchers.map(({ name, op, value }) => `${name}${op}${/[\s,{}"]/u.test(value) ? JSON.stringify(value) : value}`).join(' ');

/** Matchers as REST and the command line send them; a pattern that cannot be compiled is refused. */
export const matchersInput = z
  .array(
    z.object({
      name: z.string().min(1).max(200),
      op: z.enum(['=', '!=', '=~', '!~']).default('='),
      value: z.string().max(MAX_PATTERN),
    }),
  )
  .max(MAX_MATCHERS)
  .refine((matchers) => matchers.every(isValid), { message: 'a pattern is no regular expression' });

/** True when it would take in everything: no condition, or none that an absent label fails or a value can fail. */
export const matchesAll = (matchers: readonly Matcher[]): boolean => matchers.every(isBlank);

const isBlank = ({ op, value }: Matcher): boolean => {
  if (op === '=') return value === '';
  if (op === '!=') return true;
  const pattern = compiled(value);
  if (pattern === undefined) return true;
  // Two words nobody uses: a pattern that takes both takes all.
  const takes = pattern.test('') || (pattern.test('\u0001x') && pattern.test('9z\u0002'));
  return op === '=~' ? takes : !takes || !pattern.test('');
};

const isValid = ({ op, value }: Matcher): boolean => op === '=' || op === '!=' || compiled(value) !== undefined;

function compiled(value: string): RegExp | undefined {
  try {
    return new RegExp(`^(?:${value})$`, 'u');
  } catch {
    return undefined;
  }
}

const opOf = (text: string): Matcher['op'] => (text === '=~' || text === '!~' || text === '!=' ? text : '=');

const unquoted = (text: string): string => (text.startsWith('"') ? text.slice(1, -1).replace(/\\(.)/gu, '$1') : text);
