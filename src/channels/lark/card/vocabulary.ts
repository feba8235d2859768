import { type Properties, type Check, flag, list, matching, object, oneOf, plainObject, text, whole } from './check.ts';
import { MAX_LABEL, MAX_TYPED } from './limits.ts';
import {
  ARRANGED,
  COLOUR,
  COMMON,
  NAME,
  PANEL_HEADER,
  SPACING,
  TEXT_SIZE,
  WIDTH,
  behaviors,
  confirm,
  i18n,
  icon,
  plain,
  textOf,
} from './properties.ts';
import { isObject } from './tagged.ts';

/** Children of a container, checked as elements of their own. */
const children: Check = (value, path) => list(element)(value, path);

const COLUMN_WIDTH = matching(/^(?:auto|weighted|\d{2,3}px)$/u, 'auto, weighted or a width in px');
const COLUMN = object(
  { tag: oneOf('column'), elements: children },
  { ...COMMON, ...ARRANGED, width: COLUMN_WIDTH, weight: whole(1, 5), background_style: COLOUR, action: plainObject },
);

const typed = { name: NAME, required: flag, disabled: flag, disabled_tips: plain, width: WIDTH, behaviors, confirm };
const option = object({ text: textOf(['plain_text'], { min: 1 }), value: text({ min: 1 }) }, { icon });

/** Elements and their properties, required and optional [LD card-json-2-0-version-components/*, one page each]. */
const VOCABULARY: Readonly<Record<string, readonly [Properties, Properties]>> = {
  markdown: [
    { content: text({ min: 1 }) },
    { i18n_content: i18n, text_size: TEXT_SIZE, text_align: oneOf('left', 'center', 'right'), icon },
  ],
  div: [{ text: textOf(['plain_text', 'lark_md']) }, { width: WIDTH, icon }],
  hr: [{}, {}],
  img: [
    { img_key: text({ min: 1 }), alt: plain },
    {
      i18n_img_key: i18n,
      title: plain,
      corner_radius: text(),
      scale_type: oneOf('crop_center', 'crop_top', 'fit_horizontal'),
      size: text(),
      transparent: flag,
      preview: flag,
    },
  ],
  column_set: [
    { columns: list(COLUMN) },
    {
      horizontal_spacing: SPACING,
      horizontal_align: oneOf('left', 'center', 'right'),
      flex_mode: oneOf('none', 'stretch', 'flow', 'bisect', 'trisect'),
      background_style: COLOUR,
      action: plainObject,
    },
  ],
  collapsible_panel: [
    { header: PANEL_HEADER, elements: children },
    {
      ...ARRANGED,
      expanded: flag,
      background_color: COLOUR,
      border: object({}, { color: COLOUR, corner_radius: text() }),
    },
  ],
  form: [{ name: NAME, elements: children }, ARRANGED],
  button: [
    {},
    {
      type: oneOf(
        'default',
        'primary',
        'danger',
        'text',
        'primary_text',
        'danger_text',
        'primary_filled',
        'danger_filled',
        'laser',
      ),
      size: oneOf('tiny', 'small', 'medium', 'large'),
      text: textOf(['plain_text'], { min: 1, max: MAX_LABEL }),
      width: WIDTH,
      icon,
      hover_tips: plain,
      disabled: flag,
      disabled_tips: plain,
      confirm,
      behaviors,
      name: NAME,
      form_action_type: oneOf('submit', 'reset'),
    },
  ],
  input: [
    {},
    {
      ...typed,
      placeholder: textOf(['plain_text'], { max: MAX_LABEL }),
      label: plain,
      label_position: oneOf('top', 'left'),
      default_value: text({ max: MAX_TYPED }),
      i18n_default_value: i18n,
      max_length: whole(1, MAX_TYPED),
      input_type: oneOf('text', 'multiline_text', 'password'),
      rows: whole(1, 99),
      auto_resize: flag,
      max_rows: whole(1, 99),
      show_icon: flag,
    },
  ],
  select_static: [
    { options: list(option) },
    {
      ...typed,
      type: oneOf('default', 'text'),
      placeholder: plain,
      initial_option: text(),
      initial_index: whole(0, 1000),
    },
  ],
  table: [
    { columns: list(plainObject, 50), rows: list(plainObject) },
    {
      page_size: whole(1, 10),
      row_height: text(),
      row_max_height: text(),
      freeze_first_column: flag,
      header_style: plainObject,
    },
  ],
  chart: [
    { chart_spec: plainObject },
    {
      aspect_ratio: oneOf('1:1', '2:1', '4:3', '16:9'),
      color_theme: oneOf('brand', 'rainbow', 'complementary', 'converse', 'primary'),
      preview: flag,
      height: matching(/^(?:auto|\d{1,3}px)$/u, 'auto or a height in px'),
    },
  ],
};

const CHECKS = new Map(
  Object.entries(VOCABULARY).map(([tag, [always, maybe]]) => [
    tag,
    object({ tag: oneOf(tag), ...always }, { ...COMMON, ...maybe }),
  ]),
);

/** One element of a body or a container. A tag that is not listed is refused: 1.0's `note` and `action` are gone (200861). */
export function element(value: unknown, path: string): readonly string[] {
  const tag = isObject(value) ? value['tag'] : undefined;
  const check = typeof tag === 'string' ? CHECKS.get(tag) : undefined;
  return check?.(value, path) ?? [`${path} is no element of JSON 2.0: ${String(tag)}`];
}
