import { anyObject, anything, between, type Check, either, flag, listOf, oneOf, only, pattern, text } from './check.ts';
import { elementId, horizontalAlign, icon, margin, plainText, richText, TEXT_SIZE, translations } from './shapes.ts';

/** Components that only show something. */

const base: Record<string, Check> = { tag: text(), element_id: elementId, margin };

const markdown = only(
  {
    ...base,
    content: text(),
    i18n_content: translations,
    text_align: horizontalAlign,
    text_size: TEXT_SIZE,
    icon,
    // In the header of a panel a markdown text may be coloured as other texts are.
    text_color: text(),
  },
  'tag',
  'content',
);

const div = only(
  {
    ...base,
    width: either(oneOf('fill', 'auto'), pattern(/^\d+px$/, 'fill, auto or a width')),
    text: richText(),
    icon,
    // Missing in the 2.0 field table, yet used in an official 2.0 sample.
    fields: listOf(only({ is_short: flag, text: richText() }, 'text')),
  },
  'tag',
);

const img = only(
  {
    ...base,
    img_key: pattern(/^img_\w+/, 'an image key'),
    alt: plainText(),
    title: plainText(),
    i18n_img_key: anyObject,
    mode: text(),
    scale_type: oneOf('crop_center', 'crop_top', 'fit_horizontal'),
    size: text(),
    preview: flag,
    transparent: flag,
    corner_radius: text(),
    custom_width: between(1, Infinity),
  },
  'tag',
  'img_key',
);

const chart: Check = (value, walk) => {
  only(
    {
      ...base,
      aspect_ratio: oneOf('1:1', '2:1', '4:3', '16:9'),
      color_theme: oneOf('brand', 'rainbow', 'complementary', 'converse', 'primary'),
      chart_spec: anything,
      preview: flag,
      height: either(oneOf('auto'), pattern(/^[1-9]\d{2}px$/, 'auto or 100px to 999px')),
    },
    'tag',
    'chart_spec',
  )(value, walk);
  const spec = (value as { chart_spec?: { type?: unknown; data?: unknown } | null }).chart_spec;
  if (typeof spec?.type !== 'string' || typeof spec.data !== 'object' || spec.data === null) {
    walk.seen.problems.push({ subCode: 200550, path: walk.path, message: 'chart spec is invalid' });
  }
};

const person: Record<string, Check> = { size: text(), show_avatar: flag, show_name: flag, style: text() };

export const DISPLAY: Readonly<Record<string, Check>> = {
  markdown,
  div,
  hr: only(base, 'tag'),
  img,
  chart,
  person: only({ ...base, ...person, user_id: text() }, 'tag', 'user_id'),
  person_list: only(
    {
      ...base,
      ...person,
      persons: listOf(only({ id: text() }, 'id')),
      lines: between(1, 99),
      drop_invalid_user_id: flag,
    },
    'tag',
    'persons',
  ),
};
