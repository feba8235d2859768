import { isJson } from '../answer.ts';
import {
  anyObject,
  flag,
  into,
  listOf,
  newWalk,
  oneOf,
  only,
  type Problem,
  report,
  tagOf,
  text,
  type Walk,
} from './check.ts';
import { element } from './containers.ts';
import {
  colour,
  direction,
  horizontalAlign,
  icon,
  link,
  padding,
  plainText,
  richText,
  spacing,
  summary,
  template,
  verticalAlign,
} from './shapes.ts';

/** Most components and elements of a card; texts with a tag count too. */
const MOST_ELEMENTS = 200;

const config = only({
  update_multi: oneOf(true),
  enable_forward: flag,
  enable_forward_interaction: flag,
  width_mode: oneOf('default', 'compact', 'fill'),
  summary,
  locales: listOf(text()),
  streaming_mode: flag,
  streaming_config: anyObject,
  style: only({ text_size: anyObject, color: anyObject }),
  use_custom_translation: flag,
});

const textTag = only({ tag: oneOf('text_tag'), element_id: text(), text: plainText(), color: colour }, 'tag', 'text');

const header = only(
  {
    title: richText(),
    subtitle: richText(),
    text_tag_list: listOf(textTag, 3),
    i18n_text_tag_list: anyObject,
    template,
    icon,
    padding,
  },
  'title',
);

const body = only(
  {
    direction,
    padding,
    vertical_spacing: spacing,
    horizontal_spacing: spacing,
    vertical_align: verticalAlign,
    horizontal_align: horizontalAlign,
    elements: (value, walk) => listOf(element)(value, { ...walk, atRoot: true }),
  },
  'elements',
);

const card = only(
  {
    schema: oneOf('2.0'),
    config,
    card_link: only({ url: link, pc_url: link, ios_url: link, android_url: link }),
    header,
    body,
  },
  'schema',
  'body',
);

/** What else the platform knows when it looks at a card. */
export interface CardContext {
  readonly isPerson: (id: string) => boolean;
  readonly atAllAllowed: boolean;
}

/** Why the platform would refuse this JSON 2.0 card; empty when it would not. Written from the reference alone. */
export function problemsOfCard(value: unknown, context: CardContext): readonly Problem[] {
  const walk = newWalk();
  card(value, walk);
  countTags(value, walk);
  if (walk.seen.tagged > MOST_ELEMENTS) report(walk, 'element exceeds the limit', 11310);
  reportRepeats(walk, valuesOf(value, 'element_id'), 'element_id');
  reportRepeats(walk, walk.seen.names, 'name');
  reportStrangers(value, walk, context);
  return walk.seen.problems;
}

function countTags(value: unknown, walk: Walk): void {
  if (Array.isArray(value)) for (const each of value) countTags(each, walk);
  if (!isJson(value)) return;
  if (tagOf(value) !== undefined) walk.seen.tagged += 1;
  // What a chart draws and what a button carries are data, not elements.
  for (const [name, each] of Object.entries(value)) {
    if (name !== 'chart_spec' && name !== 'value' && name !== 'rows') countTags(each, walk);
  }
}

function valuesOf(value: unknown, name: string): readonly string[] {
  if (Array.isArray(value)) return value.flatMap((each: unknown) => valuesOf(each, name));
  if (!isJson(value)) return [];
  return Object.entries(value).flatMap(([key, each]) =>
    key === name && typeof each === 'string' ? [each] : key === 'value' ? [] : valuesOf(each, name),
  );
}

function reportRepeats(walk: Walk, all: readonly string[], what: string): void {
  const repeated = all.find((each, index) => all.indexOf(each) !== index);
  if (repeated !== undefined) report(into(walk, what), `${what} ${repeated} is not unique in the card`);
}

/** One unknown person in an `at` or `person` fails the whole card (100290). */
function reportStrangers(value: unknown, walk: Walk, { isPerson, atAllAllowed }: CardContext): void {
  const people = mentionsOf(value);
  const stranger = people.find((id) => (id === 'all' ? !atAllAllowed : !isPerson(id)));
  if (stranger !== undefined) {
    report(walk, `There is an invalid user resource(at/person) in your card; ErrorValue: ${stranger}`, 100290);
  }
}

/** Whom a card calls, `all` included, as its texts say it: plain_text is never read for mentions. */
export function mentionsOf(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(mentionsOf);
  if (!isJson(value)) return [];
  const tag = tagOf(value);
  const said = tag === 'markdown' || tag === 'lark_md' ? JSON.stringify([value['content'], value['i18n_content']]) : '';
  const ids = [...said.matchAll(/<(?:at|person)\s+(?:user_)?ids?\s*=\s*\\?["']?([\w,-]+)/g)].flatMap(([, list = '']) =>
    list.split(','),
  );
  const own = tag === 'person' && typeof value['user_id'] === 'string' ? [value['user_id']] : [];
  return [...ids, ...own, ...Object.values(value).flatMap(mentionsOf)];
}

/** `1.0` cards are known but not judged: there an unknown property is ignored. */
export const isSchema2 = (value: unknown): boolean => isJson(value) && value['schema'] === '2.0';
