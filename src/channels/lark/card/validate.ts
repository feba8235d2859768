import { type Check, flag, list, object, oneOf, plainObject, text } from './check.ts';
import { MAX_BYTES, MAX_CHARTS, MAX_ELEMENTS, MAX_HEADER_TAGS, MAX_TABLES } from './limits.ts';
import { EDGES, ELEMENT_ID, i18n, icon, textOf } from './properties.ts';
import { ruleProblems } from './rules.ts';
import { jsonBytes, taggedIn } from './tagged.ts';
import { element } from './vocabulary.ts';

const CONFIG = object(
  {},
  {
    update_multi: oneOf(true),
    enable_forward: flag,
    enable_forward_interaction: flag,
    width_mode: oneOf('default', 'compact', 'fill'),
    summary: object({ content: text() }, { i18n_content: i18n }),
    locales: list(text()),
    streaming_mode: flag,
    streaming_config: plainObject,
    style: object({}, { text_size: plainObject, color: plainObject }),
    use_custom_translation: flag,
  },
);

const TAG_COLOURS = 'neutral blue turquoise lime orange violet indigo wathet green yellow red purple carmine'.split(
  ' ',
);
const TEMPLATES = 'blue wathet turquoise green yellow orange red carmine violet purple indigo grey default'.split(' ');

const TEXT_TAG = object(
  { tag: oneOf('text_tag'), text: textOf(['plain_text']) },
  { element_id: ELEMENT_ID, color: oneOf(...TAG_COLOURS) },
);

const HEADER = object(
  { title: textOf(['plain_text', 'lark_md'], { min: 1 }) },
  {
    subtitle: textOf(['plain_text', 'lark_md']),
    text_tag_list: list(TEXT_TAG, MAX_HEADER_TAGS),
    i18n_text_tag_list: plainObject,
    template: oneOf(...TEMPLATES),
    icon,
    padding: EDGES,
  },
);

const BODY = object(
  { elements: list(element) },
  {
    direction: oneOf('vertical', 'horizontal'),
    padding: EDGES,
    horizontal_spacing: text(),
    vertical_spacing: text(),
    horizontal_align: oneOf('left', 'center', 'right'),
    vertical_align: oneOf('top', 'center', 'bottom'),
  },
);

const CARD: Check = object(
  { schema: oneOf('2.0'), body: BODY },
  { config: CONFIG, header: HEADER, card_link: plainObject },
);

/**
 * What the platform would refuse a JSON 2.0 card for, as sentences that begin with a path; empty when nothing is known
 * against it. Stricter than the platform where its pages disagree. `maxBytes` are UTF-8 bytes of the card as JSON.
 */
export function validateLarkCard(value: unknown, maxBytes = MAX_BYTES): readonly string[] {
  const tagged = taggedIn(value);
  const bytes = jsonBytes(value);
  const count = (tag: string, max: number): readonly string[] => {
    const found = tagged.filter((each) => each.tag === tag).length;
    return found > max ? [`card has ${found} ${tag}s, at most ${max} are taken`] : [];
  };
  return [
    ...(bytes > maxBytes ? [`card has ${bytes} bytes, at most ${maxBytes} are taken`] : []),
    ...(tagged.length > MAX_ELEMENTS ? [`card has ${tagged.length} elements, at most ${MAX_ELEMENTS} are taken`] : []),
    ...count('table', MAX_TABLES),
    ...count('chart', MAX_CHARTS),
    ...CARD(value, 'card'),
    ...ruleProblems(tagged),
  ];
}
