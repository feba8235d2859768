import { describe, expect, it } from 'vitest';
import { MAX_BYTES, MAX_ELEMENTS } from '../../../src/channels/lark/card/limits.ts';
import { jsonBytes, taggedIn } from '../../../src/channels/lark/card/tagged.ts';
import { validateLarkCard } from '../../../src/channels/lark/card/validate.ts';

type Json = Record<string, unknown>;

const plain = (content: string): Json => ({ tag: 'plain_text', content });
const markdown = (content = 'x'): Json => ({ tag: 'markdown', content });
const cardOf = (...elements: readonly Json[]): Json => ({ schema: '2.0', body: { elements } });
const button = (changes: Json = {}): Json => ({
  tag: 'button',
  text: plain('OK'),
  behaviors: [{ type: 'callback', value: { action: 'ack' } }],
  ...changes,
});
const submit = button({ name: 'send', form_action_type: 'submit' });
const form = (...elements: readonly Json[]): Json => ({ tag: 'form', name: 'f', elements });
const panel = (...elements: readonly Json[]): Json => ({
  tag: 'collapsible_panel',
  header: { title: plain('more') },
  elements,
});
const input = (changes: Json = {}): Json => ({ tag: 'input', name: 'reason', required: true, ...changes });

const problems = (...elements: readonly Json[]) => validateLarkCard(cardOf(...elements));

/** The documented shapes, as one card: header with everything, columns, a panel, a form, a table, a chart. */
const EVERYTHING: Json = {
  schema: '2.0',
  config: {
    update_multi: true,
    enable_forward: true,
    enable_forward_interaction: false,
    width_mode: 'fill',
    summary: { content: 's', i18n_content: { zh_cn: '摘', en_us: 's' } },
  },
  header: {
    template: 'red',
    title: plain('t'),
    subtitle: plain('s'),
    text_tag_list: [{ tag: 'text_tag', text: plain('SEV1'), color: 'red' }],
    icon: { tag: 'standard_icon', token: 'chat-forbidden_outlined', color: 'orange' },
    padding: '12px 8px 12px 8px',
  },
  body: {
    direction: 'vertical',
    vertical_spacing: 'medium',
    padding: '12px 12px 12px 12px',
    elements: [
      { tag: 'markdown', element_id: 'summary_md', content: '<at id=ou_84aad35d084aa403a838cf73ee18467></at>' },
      { tag: 'div', text: { ...plain('d'), text_size: 'notation', text_color: 'grey' } },
      { tag: 'hr' },
      { tag: 'img', img_key: 'img_v3_x', alt: plain('') },
      {
        tag: 'column_set',
        background_style: 'default',
        flex_mode: 'bisect',
        horizontal_spacing: '8px',
        columns: [{ tag: 'column', width: 'weighted', weight: 1, elements: [markdown()] }],
      },
      {
        ...panel(markdown()),
        expanded: false,
        border: { color: 'grey', corner_radius: '5px' },
        padding: '8px 8px 8px 8px',
      },
      form(panel(input(), { tag: 'select_static', name: 'to', options: [{ text: plain('a'), value: 'a' }] }, submit)),
      button({ confirm: { title: plain('Sure?'), text: plain('') }, type: 'primary_filled', size: 'medium' }),
      { ...button(), behaviors: [{ type: 'open_url', default_url: 'https://x.example' }] },
      { tag: 'table', columns: [{ name: 'a', data_type: 'text' }], rows: [{ a: 'x' }] },
      { tag: 'chart', aspect_ratio: '2:1', chart_spec: { type: 'line', tag: 'not an element' } },
    ],
  },
};

describe('our validator', () => {
  it('has nothing against what the platform documents', () => {
    expect(validateLarkCard(EVERYTHING)).toEqual([]);
    expect(validateLarkCard(cardOf())).toEqual([]);
  });

  it('takes 30 KB and 200 elements, and no more', () => {
    const room = MAX_BYTES - jsonBytes(cardOf(markdown('')));
    expect(problems(markdown('x'.repeat(room)))).toEqual([]);
    expect(problems(markdown('x'.repeat(room + 1)))).toEqual([
      `card has ${MAX_BYTES + 1} bytes, at most ${MAX_BYTES} are taken`,
    ]);
    expect(problems(...Array.from({ length: MAX_ELEMENTS }, () => markdown()))).toEqual([]);
    expect(problems(...Array.from({ length: MAX_ELEMENTS + 1 }, () => markdown()))).toEqual([
      'card has 201 elements, at most 200 are taken',
    ]);
  });

  it('counts everything that has a tag', () => {
    const columns = { tag: 'column_set', columns: [{ tag: 'column', elements: [button()] }] };
    expect(taggedIn(cardOf(columns)).map(({ tag }) => tag)).toEqual(['column_set', 'column', 'button', 'plain_text']);
  });

  it('measures bytes, not characters', () => {
    expect(validateLarkCard(cardOf(markdown('故'.repeat(20))), 100)).toHaveLength(1);
    expect(validateLarkCard(cardOf(markdown('x'.repeat(20))), 100)).toEqual([]);
  });

  it.each<[string, Json]>([
    ['an unknown property of an element', { ...markdown(), wide_screen_mode: true }],
    ['a property of the object prototype', { ...markdown(), constructor: 'x' }],
    ['an element of 1.0', { tag: 'note', elements: [] }],
    ['no element at all', { content: 'x' }],
    ['an element named like a property of every object', { tag: 'toString' }],
    ['markdown without text', markdown('')],
    ['a lone surrogate', markdown('\uD800')],
    ['an element id with a dash', { ...markdown(), element_id: 'a-b' }],
    ['an element id of 21 letters', { ...markdown(), element_id: 'a'.repeat(21) }],
    ['a button of 101 letters', button({ text: plain('x'.repeat(101)) })],
    ['a button that does nothing', { tag: 'button', text: plain('x') }],
    ['a value that is no object', button({ behaviors: [{ type: 'callback', value: 'ack' }] })],
    ['an address that is none', button({ behaviors: [{ type: 'open_url', default_url: 'javascript:alert(1)' }] })],
    ['a question without a title', button({ confirm: { text: plain('x') } })],
    ['an unknown style of a button', button({ type: 'warning' })],
    ['a submit button outside of a form', submit],
    ['a required input outside of a form', input()],
    ['a form in a panel', panel(form(submit))],
    [
      'a table in a column',
      { tag: 'column_set', columns: [{ tag: 'column', elements: [{ tag: 'table', columns: [], rows: [] }] }] },
    ],
    ['a form without a submit button', form(input())],
    ['a form without a name', { tag: 'form', elements: [submit] }],
    ['an input of a form without a name', form({ tag: 'input' }, submit)],
    ['a button of a form that neither submits nor resets', form(button({ name: 'x' }), submit)],
    ['two inputs of one name', form(input(), input(), submit)],
    ['an input for 1001 letters', form(input({ max_length: 1001 }), submit)],
    ['a hint of 101 letters', form(input({ placeholder: plain('x'.repeat(101)) }), submit)],
    [
      'two options of one value',
      { tag: 'select_static', options: [1, 2].map(() => ({ text: plain('a'), value: 'a' })) },
    ],
    ['containers six deep', panel(panel(panel(panel(panel(panel(markdown()))))))],
    ['a mention of everybody', markdown('<at id=all></at>')],
    ['a mention by something that is no open_id', markdown('<at id=ou_x y></at>')],
    ['a person by no id', markdown('<person id = "u"></person>')],
    ['a padding of a panel header with two values', { ...panel(), header: { title: plain('x'), padding: '4px 8px' } }],
    ['a column of weight 6', { tag: 'column_set', columns: [{ tag: 'column', weight: 6, elements: [] }] }],
  ])('refuses %s', (_name, element) => {
    expect(problems(element).length).toBeGreaterThan(0);
  });

  it.each<[string, unknown]>([
    ['a card of 1.0', { header: {}, elements: [] }],
    ['an unknown property of the card', { ...cardOf(), i18n_elements: {} }],
    ['an unknown property of its configuration', { ...cardOf(), config: { wide_screen_mode: true } }],
    ['a card that is not shared', { ...cardOf(), config: { update_multi: false } }],
    ['a header without a title', { ...cardOf(), header: { template: 'red' } }],
    ['an unknown colour', { ...cardOf(), header: { title: plain('t'), template: '#ff0000' } }],
    [
      'four tags',
      {
        ...cardOf(),
        header: {
          title: plain('t'),
          text_tag_list: Array.from({ length: 4 }, () => ({ tag: 'text_tag', text: plain('x') })),
        },
      },
    ],
    ['six charts', cardOf(...Array.from({ length: 6 }, () => ({ tag: 'chart', chart_spec: {} })))],
    ['six tables', cardOf(...Array.from({ length: 6 }, () => ({ tag: 'table', columns: [], rows: [] })))],
    ['two elements of one id', cardOf({ ...markdown(), element_id: 'a' }, { ...markdown(), element_id: 'a' })],
    ['a text', 'card'],
    ['nothing', undefined],
  ])('refuses %s', (_name, card) => {
    expect(validateLarkCard(card).length).toBeGreaterThan(0);
  });

  it('says where a fault is', () => {
    expect(problems(panel(markdown(), { ...markdown(), href: {} }))).toEqual([
      'card.body.elements[0].elements[1].href is an unknown property',
    ]);
  });

  it('takes containers five deep and five charts', () => {
    expect(problems(panel(panel(panel(panel(panel(markdown()))))))).toEqual([]);
    expect(problems(...Array.from({ length: 5 }, () => ({ tag: 'chart', chart_spec: {} })))).toEqual([]);
  });
});
