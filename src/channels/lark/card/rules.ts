import { MAX_NESTING } from './limits.ts';
import { type Tagged, isObject } from './tagged.ts';

/** Rules that no element keeps by itself: where it may stand, and what must be unique on a card. */
export const ruleProblems = (tagged: readonly Tagged[]): readonly string[] => [
  ...tagged.flatMap(placeProblems),
  ...tagged.flatMap(formProblems),
  ...tagged.flatMap(optionProblems),
  ...tagged.flatMap(mentionProblems),
  ...repeated(tagged, 'element_id'),
  ...repeated(
    tagged.filter(({ tag, within }) => tag === 'form' || within.includes('form')),
    'name',
  ),
];

const CONTAINERS = ['column_set', 'collapsible_panel', 'form', 'interactive_container'];
const ROOT_ONLY = ['form', 'table'];
/** What people use, and therefore what must have a name inside of a form. */
const INTERACTIVE = ['button', 'input', 'select_static'];

function placeProblems({ tag, path, within }: Tagged): readonly string[] {
  const containers = within.filter((outer) => CONTAINERS.includes(outer)).length;
  const tooDeep = CONTAINERS.includes(tag) && containers >= MAX_NESTING;
  return [
    ...(ROOT_ONLY.includes(tag) && containers > 0 ? [`${path}: a ${tag} may stand at the root only`] : []),
    ...(tooDeep ? [`${path}: containers nest ${MAX_NESTING} deep at most`] : []),
  ];
}

function formProblems(each: Tagged, _index: number, tagged: readonly Tagged[]): readonly string[] {
  const { element, tag, path, within } = each;
  if (tag === 'form') {
    const inside = tagged.filter((other) => other.path.startsWith(`${path}.`));
    const submits = inside.some(({ element: inner }) => inner['form_action_type'] === 'submit');
    return submits ? [] : [`${path}: a form needs a submit button`];
  }
  if (!INTERACTIVE.includes(tag)) return [];
  if (!within.includes('form')) {
    const strays = ['form_action_type', 'required'].filter((name) => Object.hasOwn(element, name));
    const silent = tag === 'button' && !Object.hasOwn(element, 'behaviors');
    return [
      ...strays.map((name) => `${path}.${name} belongs inside of a form`),
      ...(silent ? [`${path}.behaviors is missing`] : []),
    ];
  }
  return [
    ...(typeof element['name'] === 'string' ? [] : [`${path}.name is missing inside of a form (200530)`]),
    ...(tag !== 'button' || Object.hasOwn(element, 'form_action_type') ? [] : [`${path}.form_action_type is missing`]),
  ];
}

/** Two options of one value cannot be told apart. */
function optionProblems({ element, tag, path }: Tagged): readonly string[] {
  const options: unknown = element['options'];
  if (tag !== 'select_static' || !Array.isArray(options)) return [];
  const values = options.map((option: unknown) => (isObject(option) ? option['value'] : undefined));
  return new Set(values).size === values.length ? [] : [`${path}.options repeats a value`];
}

/** One invalid id fails the whole card (100290); `all` fails it where the group's owner turned that off, and we never mean it. */
function mentionProblems({ element, tag, path }: Tagged): readonly string[] {
  const { content } = element;
  if (tag === 'plain_text' || typeof content !== 'string') return [];
  return [...content.matchAll(/<(?:at|person)\b[^>]*>?/gu)]
    .filter(([mention]) => !/^<at id=ou_[0-9A-Za-z]{1,64}>$/u.test(mention))
    .map(([mention]) => `${path}: ${mention} mentions no open_id`);
}

function repeated(tagged: readonly Tagged[], property: string): readonly string[] {
  const seen = new Set<unknown>();
  return tagged.flatMap(({ element, path }) => {
    const value = element[property];
    if (typeof value !== 'string') return [];
    const again = seen.has(value);
    seen.add(value);
    return again ? [`${path}.${property} repeats ${value}`] : [];
  });
}
