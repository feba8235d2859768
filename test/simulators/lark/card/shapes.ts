import { anyObject, type Check, either, listOf, oneOf, only, pattern, text } from './check.ts';

/** Values that several components share. */

const LENGTH = String.raw`-?\d{1,2}(?:px)?`;
export const margin = pattern(new RegExp(`^${LENGTH}(?: ${LENGTH}){0,3}$`), 'one to four lengths from -99px to 99px');
export const padding = pattern(/^\d{1,2}(?:px)?(?: \d{1,2}(?:px)?){0,3}$/, 'one to four lengths from 0 to 99px');
/** The header of a collapsible panel refused the two-value form in practice. */
export const panelPadding = pattern(
  /^\d{1,2}(?:px)?(?:(?: \d{1,2}(?:px)?){3})?$/,
  'one or four lengths (panel header padding)',
);
export const spacing = either(
  oneOf('small', 'medium', 'large', 'extra_large', 'default'),
  pattern(/^\d{1,2}px$/, '0px to 99px'),
);
export const horizontalAlign = oneOf('left', 'center', 'right');
export const verticalAlign = oneOf('top', 'center', 'bottom');
export const direction = oneOf('vertical', 'horizontal');
export const elementId = pattern(
  /^[A-Za-z][A-Za-z0-9_]{0,19}$/,
  'an element_id: a letter, then at most 19 letters, digits or _',
);
export const width = either(oneOf('default', 'fill'), pattern(/^[1-9]\d{2,}px$/, 'default, fill or at least 100px'));
export const link = pattern(/^(?:https?|lark):\/\/\S+$/, 'a link');

const NAMED = [
  'default blue wathet turquoise green yellow orange red carmine violet purple indigo grey neutral white lime',
  'bg-white light_grey',
]
  .join(' ')
  .split(' ');
/** An enumeration (with an optional depth such as `grey-50`) or rgba(); hex is not accepted. */
export const colour = either(
  pattern(new RegExp(`^(?:${NAMED.join('|')})(?:-\\d{2,3})?$`), 'a named colour'),
  pattern(/^rgba\([\d., ]+\)$/, 'rgba()'),
  pattern(/^cus-\w+$/, 'a colour of config.style'),
);
export const TEMPLATES = ['blue wathet turquoise green yellow orange red carmine violet purple indigo grey default']
  .join(' ')
  .split(' ');
export const template = oneOf(...TEMPLATES);

const LOCALE = /^[a-z]{2}_[a-z]{2}$/;
const translations: Check = (value, walk) => {
  anyObject(value, walk);
  const entries = Object.entries((value ?? {}) as Record<string, unknown>);
  const wrong = entries.find(([locale, content]) => !LOCALE.test(locale) || typeof content !== 'string');
  if (wrong) pattern(/^$/, `a locale like zh_cn with a string, not ${wrong[0]}`)('x', walk);
};

export const TEXT_SIZE = either(
  oneOf('heading-0', 'heading-1', 'heading-2', 'heading-3', 'heading-4', 'heading', 'normal', 'notation'),
  oneOf('xxxx-large', 'xxx-large', 'xx-large', 'x-large', 'large', 'medium', 'small', 'x-small'),
  pattern(/^cus-\w+$/, 'a size of config.style'),
);
const wording = (max: number): Record<string, Check> => ({
  content: text(max),
  i18n_content: translations,
  text_size: TEXT_SIZE,
  text_align: horizontalAlign,
  text_color: colour,
  lines: (value, walk) => {
    if (!Number.isInteger(value)) pattern(/^$/, 'a whole number of lines')('x', walk);
  },
});

/** A text object: `tags` says which of plain_text, lark_md, markdown may stand here. */
export const words = (tags: readonly string[], max = Infinity): Check =>
  only({ tag: oneOf(...tags), ...wording(max) }, 'tag', 'content');
export const plainText = (max = Infinity): Check => words(['plain_text'], max);
export const richText = (max = Infinity): Check => words(['plain_text', 'lark_md'], max);
export const summary = only({ content: text(), i18n_content: translations });
export { translations };

export const icon = only(
  {
    tag: oneOf('standard_icon', 'custom_icon'),
    token: text(),
    color: colour,
    img_key: text(),
    size: pattern(/^\d+px \d+px$/, 'a size like 16px 16px'),
  },
  'tag',
);
export const confirm = only({ title: plainText(), text: plainText() }, 'title', 'text');
export const border = only({ color: colour, corner_radius: pattern(/^\d{1,2}(?:px|%)?$/, 'a radius') });

const callback = only({ type: oneOf('callback'), value: anyObject }, 'type', 'value');
const openUrl = only(
  { type: oneOf('open_url'), default_url: link, pc_url: link, ios_url: link, android_url: link },
  'type',
);
export const behaviors = listOf((value, walk) => {
  const type = (value as { type?: unknown } | null)?.type;
  (type === 'open_url' ? openUrl : callback)(value, walk);
});
