import {
  between,
  type Check,
  either,
  flag,
  into,
  listOf,
  oneOf,
  only,
  pattern,
  report,
  tagOf,
  text,
  type Walk,
} from './check.ts';
import { DISPLAY } from './display.ts';
import { INTERACTIVE } from './interactive.ts';
import * as shapes from './shapes.ts';
import { table } from './table.ts';

/** Deepest nesting of containers. */
const DEEPEST = 5;
/** What 1.0 had and 2.0 has not (200861). */
const GONE = new Set(['note', 'action', 'button_group']);
const ROOT_ONLY = new Set(['form', 'table']);

/** One component, whatever it is, where it stands. */
export const element: Check = (value, walk) => {
  const tag = tagOf(value);
  if (tag === undefined) return report(walk, 'an element without a tag');
  const here = { ...walk, path: `${walk.path}(tag: ${tag})` };
  if (GONE.has(tag)) {
    return report(
      here,
      `cards of schema V2 no longer support this capability; ErrorValue: unsupported tag ${tag}`,
      200861,
    );
  }
  const check = Object.hasOwn(COMPONENTS, tag) ? COMPONENTS[tag] : undefined;
  if (!check) return report(here, `unknown tag ${tag}`);
  if (ROOT_ONLY.has(tag) && !walk.atRoot) report(here, `type of element is not supported tag: ${tag}`);
  if (Object.hasOwn(INTERACTIVE, tag)) checkFormItem(value as Record<string, unknown>, here);
  check(value, here);
};

/** Inside a form every interactive component needs a name that no other in the card has (200530). */
function checkFormItem(value: Record<string, unknown>, walk: Walk): void {
  const { name } = value;
  if (!walk.insideForm) {
    if (value['required'] === true) report(walk, 'property required is for forms');
    if (value['form_action_type'] !== undefined) report(walk, 'property form_action_type is for forms');
  } else if (typeof name !== 'string' || name === '') report(walk, 'form item without name', 200530);
  if (typeof name === 'string') walk.seen.names.push(name);
}

const inner: Check = (value, walk) => {
  const deeper = { ...walk, depth: walk.depth + 1, atRoot: false };
  if (deeper.depth > DEEPEST) report(walk, `containers nested deeper than ${DEEPEST}`);
  listOf(element)(value, deeper);
};

const arranging: Record<string, Check> = {
  tag: text(),
  element_id: shapes.elementId,
  margin: shapes.margin,
  padding: shapes.padding,
  direction: shapes.direction,
  vertical_spacing: shapes.spacing,
  horizontal_spacing: shapes.spacing,
  vertical_align: shapes.verticalAlign,
  horizontal_align: shapes.horizontalAlign,
};

const column = only(
  {
    ...arranging,
    width: either(oneOf('auto', 'weighted'), pattern(/^\d{2,3}px$/, 'auto, weighted or 16px to 600px')),
    weight: between(1, 5),
    background_style: shapes.colour,
    behaviors: shapes.behaviors,
    elements: inner,
  },
  'tag',
  'elements',
);

const columnSet = only(
  {
    ...arranging,
    flex_mode: oneOf('none', 'stretch', 'flow', 'bisect', 'trisect'),
    background_style: shapes.colour,
    columns: listOf((value, walk) => {
      if (tagOf(value) === 'column') column(value, { ...walk, path: `${walk.path}(tag: column)` });
      else report(walk, 'expected a column');
    }),
    behaviors: shapes.behaviors,
  },
  'tag',
  'columns',
);

const panelHeader = only(
  {
    title: shapes.words(['plain_text', 'markdown']),
    background_color: shapes.colour,
    vertical_align: shapes.verticalAlign,
    padding: shapes.panelPadding,
    position: oneOf('top', 'bottom'),
    width: oneOf('fill', 'auto', 'auto_when_fold'),
    icon: shapes.icon,
    icon_position: oneOf('left', 'right', 'follow_text'),
    icon_expanded_angle: oneOf(-180, -90, 90, 180),
  },
  'title',
);

const panel = only(
  {
    ...arranging,
    expanded: flag,
    background_color: shapes.colour,
    header: panelHeader,
    border: shapes.border,
    elements: inner,
  },
  'tag',
  'header',
  'elements',
);

const interactiveContainer = only(
  {
    ...arranging,
    width: text(),
    height: text(),
    background_style: shapes.colour,
    has_border: flag,
    border_color: shapes.colour,
    corner_radius: text(),
    behaviors: shapes.behaviors,
    disabled: flag,
    disabled_tips: shapes.plainText(),
    hover_tips: shapes.plainText(),
    confirm: shapes.confirm,
    elements: inner,
  },
  'tag',
  'elements',
);

const formShape = only({ ...arranging, name: text(), elements: inner }, 'tag', 'name', 'elements');
const form: Check = (value, walk) => {
  formShape(value, { ...walk, insideForm: true });
  const { name } = value as { name?: unknown };
  if (typeof name === 'string') walk.seen.names.push(name);
  if (!JSON.stringify(value).includes('"form_action_type":"submit"')) {
    report(into(walk, 'elements'), 'a form needs a submit button');
  }
};

const COMPONENTS: Readonly<Record<string, Check>> = {
  ...DISPLAY,
  ...INTERACTIVE,
  table,
  column_set: columnSet,
  collapsible_panel: panel,
  interactive_container: interactiveContainer,
  form,
};
