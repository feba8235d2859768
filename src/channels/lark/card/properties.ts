import { type Check, type Properties, list, matching, object, oneOf, plainObject, text, whole } from './check.ts';
import { isObject } from './tagged.ts';

const LOCALES = 'zh_cn en_us ja_jp zh_hk zh_tw id_id vi_vn th_th pt_br es_es ko_kr de_de fr_fr it_it ru_ru ms_my';

/** The same text in other languages; per text, since 2.0 knows no translation of a whole card. */
export const i18n = object({}, Object.fromEntries(LOCALES.split(' ').map((locale) => [locale, text()])));

export const SPACING = matching(/^(?:small|medium|large|extra_large|\d{1,2}px)$/u, 'a spacing such as medium or 8px');
export const EDGES = matching(/^-?\d{1,2}(?:px)?(?: -?\d{1,2}(?:px)?){0,3}$/u, 'one to four edges such as 8px');
export const COLOUR = matching(/^(?:[a-z]+(?:[-_]\d+)?|rgba\([\d., ]+\)|)$/u, 'a colour by name or rgba()');
export const WIDTH = matching(/^(?:default|auto|fill|\d{2,4}px)$/u, 'a width such as fill or 120px');
export const NAME = text({ min: 1, max: 100 });
export const TEXT_SIZE = matching(/^[a-z0-9_-]+$/u, 'a text size');

/** `A`, `btn_ack`: what may name an element when it is updated by itself. */
export const ELEMENT_ID = matching(/^[A-Za-z]\w{0,19}$/u, 'a letter and up to 19 letters, digits or _');

export const COMMON: Properties = { element_id: ELEMENT_ID, margin: EDGES };
export const ARRANGED: Properties = {
  direction: oneOf('vertical', 'horizontal'),
  padding: EDGES,
  horizontal_spacing: SPACING,
  vertical_spacing: SPACING,
  horizontal_align: oneOf('left', 'center', 'right'),
  vertical_align: oneOf('top', 'center', 'bottom'),
};

/** A text object of one of these kinds. */
export const textOf = (tags: readonly string[], { min = 0, max = Infinity } = {}): Check =>
  object(
    { tag: oneOf(...tags), content: text({ min, max }) },
    {
      i18n_content: i18n,
      element_id: ELEMENT_ID,
      text_size: TEXT_SIZE,
      text_color: COLOUR,
      text_align: text(),
      lines: whole(1, 99),
    },
  );

export const plain = textOf(['plain_text']);
export const icon = object(
  { tag: oneOf('standard_icon', 'custom_icon') },
  { token: text({ min: 1 }), color: COLOUR, img_key: text({ min: 1 }), size: text({ min: 1 }) },
);
export const confirm = object({ title: textOf(['plain_text'], { min: 1 }), text: plain });
const address = matching(/^(?:https?|lark):\/\//u, 'an http(s) address');

const openUrl = object(
  { type: oneOf('open_url'), default_url: address },
  { pc_url: text(), ios_url: text(), android_url: text() },
);
const callback = object({ type: oneOf('callback'), value: plainObject });
const behaviour: Check = (value, path) =>
  (isObject(value) && value['type'] === 'open_url' ? openUrl : callback)(value, path);
export const behaviors = list(behaviour);

export const PANEL_HEADER = object(
  { title: textOf(['plain_text', 'markdown']) },
  {
    background_color: COLOUR,
    vertical_align: oneOf('top', 'center', 'bottom'),
    // The two-value form was refused here in one report; one or four values were not.
    padding: matching(/^\d{1,2}px(?: \d{1,2}px \d{1,2}px \d{1,2}px)?$/u, 'one or four edges'),
    position: text(),
    width: oneOf('fill', 'auto', 'auto_when_fold'),
    icon,
    icon_position: oneOf('left', 'right', 'follow_text'),
    icon_expanded_angle: oneOf(-180, -90, 90, 180),
  },
);
