const MARKUP = Symbol('markup');

/** Markup that may be sent: only `html` makes it. */
export interface Markup {
  readonly [MARKUP]: string;
}

export type Part = Markup | string | number | boolean | undefined | readonly Part[];

/** A template in which every value is escaped unless `html` made it; `undefined` and booleans print nothing. */
export const html = (texts: TemplateStringsArray, ...parts: readonly Part[]): Markup => ({
  [MARKUP]: texts.reduce((made, text, at) => made + print(parts[at - 1]) + text),
});

export const NOTHING = html``;

export const stringOf = (made: Markup): string => made[MARKUP];

function print(part: Part): string {
  if (part === undefined || typeof part === 'boolean') return '';
  if (typeof part === 'object') return MARKUP in part ? part[MARKUP] : part.map(print).join('');
  return String(part).replaceAll(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
}
