import fc from 'fast-check';
import type { Block, Button, Card, Input, Rich } from '../../../src/cards/card.ts';
import { hostileViews } from '../../cards/hostile-views.ts';

/** An id of the platform's shape. */
export const OPEN_ID = 'ou_449b53ad6aee526f7ed311b216aabcef';

/** A card with nothing in it but these blocks. */
export const cardOf = (...blocks: readonly Block[]): Card => ({ tone: 'neutral', title: 't', tags: [], blocks });

/** What strangers write into labels, annotations, chat names and reasons, with the platform's own markup in mind. */
export const hostile = fc.oneof(
  fc.constantFrom(
    '<at id=all></at>',
    '&lt;at id=all&gt;&#60;at id=all&#62;',
    `<at id=${OPEN_ID}></at>`,
    '`<at id=all></at>`',
    '<person id = "ou_x" style = "normal"></person>',
    "<font color='red'>x</font><text_tag color='red'>y</text_tag><hr><br/>",
    '[x](http://evil.example) ![y](img_v2_x) <link url="lark://x">z</link>',
    '**bold** __b__ ~~s~~ _i_ `code` ``` :OK: $urlVal ${a} {{b}}',
    '# h',
    '> q',
    '- l',
    '+ l',
    '1. l',
    '1) l',
    '===',
    '---',
    '    code',
    '| a | b |\n| - | - |\n| 1 | 2 |',
    'a\n\n- b\n2. c\r\n    d',
    '****',
    '``',
    '*',
    '\\',
    '\\*',
    '&amp;#42;',
    '\u2028- x',
    '\u202Egnp.exe\u2066',
    '\u200B\u0000\u001B[31m\r\n',
    '\uD800',
    '__proto__',
    'constructor',
    '',
    ' ',
    '故障'.repeat(3000),
    '<>'.repeat(3000),
    '😀'.repeat(300),
    'x'.repeat(3000),
  ),
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.string({ unit: fc.constantFrom(...Array.from('<>at id=all/*_`~[]()#:+-.&;1 \n')), maxLength: 40 }),
);

const { url, labels, time, views } = hostileViews(hostile, hostile);
export { views };

const style = fc.constantFrom('bold' as const, 'code' as const, 'muted' as const, 'strike' as const);
export const styled: fc.Arbitrary<Rich> = fc.array(fc.record({ text: hostile, style }, { requiredKeys: ['text'] }), {
  maxLength: 4,
});
const rich: fc.Arbitrary<Rich> = fc.oneof(
  styled,
  fc.array(fc.record({ mention: fc.record({ id: fc.oneof(hostile, fc.constant(OPEN_ID)), name: hostile }) }), {
    maxLength: 3,
  }),
);
const button: fc.Arbitrary<Button> = fc.record(
  {
    text: hostile,
    style: fc.constantFrom('primary' as const, 'default' as const, 'danger' as const),
    value: fc.record(
      { action: fc.constantFrom('ack', 'resolve', 'other'), args: labels },
      { requiredKeys: ['action'] },
    ),
    confirm: fc.record({ title: hostile, text: hostile }),
  },
  { requiredKeys: ['text', 'style', 'value'] },
);
const name = fc.oneof(fc.constantFrom('reason', 'cause', 'to', ''), hostile);
const input: fc.Arbitrary<Input> = fc.oneof(
  fc.record({
    kind: fc.constant('input' as const),
    name,
    label: hostile,
    placeholder: hostile,
    required: fc.boolean(),
    maxLength: fc.double({ min: -1, max: 1e5, noNaN: true }),
  }),
  fc.record({
    kind: fc.constant('select' as const),
    name,
    label: hostile,
    required: fc.boolean(),
    options: fc.array(fc.record({ value: hostile, text: hostile }), { maxLength: 60 }),
  }),
);
const series = fc.array(
  fc.record({
    name: hostile,
    points: fc.array(fc.tuple(fc.oneof(time, fc.double()), fc.double()), { maxLength: 200 }),
  }),
  { maxLength: 7 },
);

const blocks = fc.letrec<{ block: Block }>((tie) => ({
  block: fc.oneof(
    { depthSize: 'small', maxDepth: 6, withCrossShrink: true },
    fc.record({ kind: fc.constantFrom('text' as const, 'note' as const), text: rich }),
    fc.record({ kind: fc.constant('divider' as const) }),
    fc.record({
      kind: fc.constant('fields' as const),
      fields: fc.array(fc.record({ label: hostile, value: rich, short: fc.boolean() }), { maxLength: 12 }),
    }),
    fc.record({ kind: fc.constant('list' as const), ordered: fc.boolean(), items: fc.array(rich, { maxLength: 40 }) }),
    fc.record({ kind: fc.constant('buttons' as const), buttons: fc.array(button, { maxLength: 12 }) }),
    fc.record({
      kind: fc.constant('links' as const),
      links: fc.array(fc.record({ text: hostile, host: hostile, url }), { maxLength: 9 }),
    }),
    fc.record({
      kind: fc.constant('form' as const),
      name,
      title: hostile,
      inputs: fc.array(input, { maxLength: 4 }),
      submit: button,
    }),
    fc.record({ kind: fc.constant('image' as const), alt: hostile, svg: hostile }),
    fc.record({ kind: fc.constant('chart' as const), title: hostile, unit: hostile, series }),
    fc.record({
      kind: fc.constant('section' as const),
      title: hostile,
      collapsed: fc.boolean(),
      blocks: fc.array(tie('block'), { maxLength: 5 }),
    }),
  ),
}));

/** Any neutral card at all, far wilder than our builders'. */
export const cards: fc.Arbitrary<Card> = fc.record(
  {
    tone: fc.constantFrom(
      'critical' as const,
      'warning' as const,
      'info' as const,
      'resolved' as const,
      'stale' as const,
      'neutral' as const,
    ),
    title: hostile,
    subtitle: hostile,
    tags: fc.array(fc.record({ text: hostile, tone: fc.constant('info' as const) }), { maxLength: 5 }),
    blocks: fc.array(blocks.block, { maxLength: 20 }),
    footer: hostile,
    incidentId: hostile,
    rev: fc.nat(),
  },
  { requiredKeys: ['tone', 'title', 'tags', 'blocks'] },
);
