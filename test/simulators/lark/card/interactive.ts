import { anything, between, type Check, either, flag, listOf, oneOf, only, text } from './check.ts';
import { behaviors, confirm, elementId, icon, link, margin, plainText, width } from './shapes.ts';

/** Components people press, fill in or choose from; each may carry a `name`, which a form needs. */

const base: Record<string, Check> = { tag: text(), element_id: elementId, margin, name: text(), behaviors, confirm };
const disabling: Record<string, Check> = { disabled: flag, disabled_tips: plainText() };

export const button = only(
  {
    ...base,
    ...disabling,
    type: oneOf(
      ...'default primary danger text primary_text danger_text primary_filled danger_filled laser'.split(' '),
    ),
    size: oneOf('tiny', 'small', 'medium', 'large'),
    width,
    text: plainText(100),
    icon,
    hover_tips: plainText(),
    form_action_type: oneOf('submit', 'reset'),
    required: flag,
  },
  'tag',
);

export const input = only(
  {
    ...base,
    ...disabling,
    required: flag,
    placeholder: plainText(100),
    default_value: text(1000),
    width,
    max_length: between(1, 1000),
    input_type: oneOf('text', 'multiline_text', 'password'),
    rows: between(1, Infinity),
    auto_resize: flag,
    max_rows: between(1, Infinity),
    show_icon: flag,
    label: plainText(),
    label_position: oneOf('top', 'left'),
    value: anything,
  },
  'tag',
);

const choosing: Record<string, Check> = {
  ...base,
  ...disabling,
  type: oneOf('default', 'text'),
  required: flag,
  placeholder: plainText(100),
  width,
};
const option = only({ text: plainText(), value: text(), icon }, 'value');
const person = only({ value: text() }, 'value');

const select = (item: Check): Check =>
  only({ ...choosing, options: listOf(item), initial_option: text(), initial_index: between(0, Infinity) }, 'tag');
const multiSelect = (item: Check): Check =>
  only({ ...choosing, options: listOf(item), selected_values: listOf(text()) }, 'tag');

const picker = (initial: string): Check => only({ ...choosing, [initial]: text(), value: anything }, 'tag');

const overflow = only(
  {
    ...base,
    width,
    options: listOf(
      only(
        {
          text: plainText(),
          value: text(),
          multi_url: only({ url: link, pc_url: link, ios_url: link, android_url: link }),
        },
        'text',
      ),
    ),
    value: anything,
  },
  'tag',
  'options',
);

const checker = only(
  {
    ...base,
    ...disabling,
    checked: flag,
    text: either(plainText(), anything),
    overall_checkable: flag,
    button_area: anything,
    padding: text(),
    hover_tips: plainText(),
  },
  'tag',
);

export const INTERACTIVE: Readonly<Record<string, Check>> = {
  button,
  input,
  select_static: select(option),
  select_person: select(person),
  multi_select_static: multiSelect(option),
  multi_select_person: multiSelect(person),
  date_picker: picker('initial_date'),
  picker_time: picker('initial_time'),
  picker_datetime: picker('initial_datetime'),
  overflow,
  checker,
};
