import { z } from 'zod';
import { MATCHER_OPS, type Matcher, formatMatchers, parseMatchers, readMatchers } from '../incident/matchers.ts';

/** More conditions than anybody writes by hand. */
const MAX_MATCHERS = 20;
const CONDITION = /^[\p{L}_][\p{L}\p{N}_.:/-]*\s*(?:=~|!~|!=|=)\s*(?:"(?:[^"\\]|\\.)*"|[^\s,"]+)[\s,]*/u;

/** Reads `severity=warning service=~"pay.*"` from the start of a text; `rest` is what follows. Undefined when unreadable. */
export function takeMatchers(text: string): { matchers: readonly Matcher[]; rest: string } | undefined {
  let rest = text.trim();
  while (CONDITION.test(rest)) rest = rest.replace(CONDITION, '');
  try {
    return { matchers: parseMatchers(text.trim().slice(0, text.trim().length - rest.length)), rest };
  } catch {
    return undefined;
  }
}

/** `severity=warning service=~"pay.*"`, quoted only where needed; nothing for none. */
export const showMatchers = (matchers: readonly Matcher[]): string =>
  matchers
    .map((one) => (/[\s,"]|^$/u.test(one.value) ? formatMatchers([one]) : `${one.name}${one.op}${one.value}`))
    .join(' ');

/** Matchers as REST and the command line send them; a pattern that cannot be used is refused in words. */
export const matchersInput = z
  .array(z.object({ name: z.string().min(1), op: z.enum(MATCHER_OPS).default('='), value: z.string() }))
  .max(MAX_MATCHERS)
  .superRefine((matchers, context) => {
    try {
      readMatchers(matchers);
    } catch (error) {
      context.addIssue({ code: 'custom', message: error instanceof Error ? error.message : 'unreadable matchers' });
    }
  });
