const MARKUP = Symbol('markup');

/** Markup that is safe to send: only this file makes it, so a plain string or stored JSON can never pass for one. */
export interface Html {
  readonly [MARKUP]: string;
}

/** What may stand inside `html`; nothing and `false` print nothing, so that `condition && html\`…\`` reads well. */
export type Part = Html | string | number | false | undefined | readonly Part[];

/** A template in which every value is escaped, unless it came from this file. */
export const html = (texts: TemplateStringsArray, ...parts: readonly Part[]): Html => ({
  [MARKUP]: texts.reduce((out, text, index) => out + print(parts[index - 1]) + text),
});

/** A style sheet inside a page, not escaped, for text that stands in our source. Throws when it could end itself. */
export function inlineStyle(css: string): Html {
  if (css.includes('<')) throw new Error('a style sheet with "<" in it may not be put into a page');
  return { [MARKUP]: `<style>${css}</style>` };
}

/** The markup as the string that goes over the wire. */
export const markup = (page: Html): string => page[MARKUP];

function print(part: Part): string {
  if (part === undefined || part === false) return '';
  if (typeof part === 'string') return escape(part);
  if (typeof part === 'number') return String(part);
  if (isList(part)) return part.map(print).join('');
  return part[MARKUP];
}

/** `Array.isArray` alone does not narrow a readonly array. */
const isList = (part: Html | readonly Part[]): part is readonly Part[] => Array.isArray(part);

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Safe between tags and inside quoted attributes, which are the only places our templates put a value. */
const escape = (text: string): string => text.replace(/[&<>"']/g, (char) => ENTITIES[char] ?? '');
