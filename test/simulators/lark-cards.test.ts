import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Client } from '@larksuiteoapi/node-sdk';
import { cardWith, markdown, patchCard, postCard, vendorClient } from './lark-sdk.ts';
import { type LarkSimulator, startLarkSimulator } from './lark/simulator.ts';

/** Each rule with a card that it refuses, sent by the vendor's own client, and one beside it that passes. */

let lark: LarkSimulator;
let client: Client;
let chatId: string;

beforeAll(async () => {
  lark = await startLarkSimulator({ throttles: false });
  client = vendorClient(lark);
});
beforeEach(() => {
  chatId = lark.addChat('ops').id;
});
afterAll(() => lark.stop());

const send = async (card: unknown): Promise<string> => {
  const { status, code, msg } = await postCard(client, chatId, card);
  return code === 0 ? 'shown' : `${status} ${code} ${/ErrCode: (\d+)/.exec(msg)?.[1] ?? ''}`.trim();
};
const sendElements = (...elements: readonly unknown[]): Promise<string> => send(cardWith(...elements));

const label = (content: string) => ({ tag: 'plain_text', content });
const button = (more: object = {}) => ({
  tag: 'button',
  text: label('Acknowledge'),
  behaviors: [{ type: 'callback', value: { action: 'ack', incident_id: 'INC-1', rev: 7 } }],
  ...more,
});
const columns = (...elements: readonly unknown[]) => ({
  tag: 'column_set',
  flex_mode: 'flow',
  columns: [{ tag: 'column', width: 'auto', elements }],
});
const panel = (...elements: readonly unknown[]) => ({
  tag: 'collapsible_panel',
  expanded: false,
  header: { title: { tag: 'markdown', content: '**Timeline**' }, padding: '4px 8px 4px 8px' },
  elements,
});
const form = (...elements: readonly unknown[]) => ({ tag: 'form', name: 'reject', elements });
const submit = button({ name: 'send', form_action_type: 'submit' });

/** The reference's sample of a whole incident card. */
const INCIDENT = {
  schema: '2.0',
  config: {
    update_multi: true,
    enable_forward: true,
    enable_forward_interaction: false,
    width_mode: 'fill',
    summary: { content: '[SEV1][FIRING] checkout-api 5xx 12% - INC-1042' },
  },
  header: {
    template: 'red',
    title: label('INC-1042 · checkout-api 5xx error rate 12%'),
    subtitle: label('prod / cn-east-1 · 3 alerts grouped'),
    text_tag_list: [
      { tag: 'text_tag', text: label('SEV1'), color: 'red' },
      { tag: 'text_tag', text: label('FIRING'), color: 'orange' },
    ],
  },
  body: {
    direction: 'vertical',
    vertical_spacing: 'medium',
    padding: '12px 12px 12px 12px',
    elements: [
      {
        tag: 'markdown',
        element_id: 'summary_md',
        content: "since <local_datetime millisecond='1767225600000' format_type='date_num'></local_datetime>",
      },
      {
        tag: 'collapsible_panel',
        element_id: 'timeline_panel',
        expanded: false,
        header: {
          title: { tag: 'markdown', content: '**Timeline (4)**' },
          vertical_align: 'center',
          icon: { tag: 'standard_icon', token: 'down-small-ccm_outlined', size: '16px 16px' },
          icon_position: 'right',
          icon_expanded_angle: -180,
        },
        border: { color: 'grey', corner_radius: '5px' },
        vertical_spacing: '8px',
        padding: '8px 8px 8px 8px',
        elements: [markdown('- 10:00 alert fired')],
      },
      {
        tag: 'column_set',
        background_style: 'default',
        flex_mode: 'flow',
        horizontal_spacing: '8px',
        columns: [
          {
            tag: 'column',
            width: 'auto',
            elements: [
              {
                tag: 'button',
                element_id: 'btn_resolve',
                type: 'danger',
                size: 'medium',
                text: label('Resolve'),
                confirm: { title: label('Resolve INC-1042?'), text: label('This closes it for everyone.') },
                behaviors: [{ type: 'callback', value: { action: 'resolve', incident_id: 'INC-1', rev: 7 } }],
              },
              {
                tag: 'button',
                text: label('Runbook'),
                behaviors: [{ type: 'open_url', default_url: 'https://runbooks.example.com/checkout-5xx' }],
              },
            ],
          },
        ],
      },
    ],
  },
};

describe('a card is shown', () => {
  it('when it is the sample incident card of the reference', async () => {
    expect(await send(INCIDENT)).toBe('shown');
  });

  it('in 1.0 with properties nobody knows', async () => {
    expect(await send({ config: { wide_screen_mode: true }, elements: [{ tag: 'hr', colour: 'x' }] })).toBe('shown');
    expect(await send({ config: {} })).toBe('400 230099 200621');
  });
});

describe('a card is refused', () => {
  it.each([
    ['at the top', { ...cardWith(), colour: 'red' }],
    ['in config', { ...cardWith(), config: { wide_screen_mode: true } }],
    ['in the header', { ...cardWith(), header: { title: label('x'), ud_icon: {} } }],
    ['in the body', { ...cardWith(), body: { elements: [], fallback: {} } }],
    ['of a component', cardWith({ ...markdown('x'), href: {} })],
    ['deep inside', cardWith(panel(columns(button({ url: 'https://x.example' }))))],
  ])('for one unknown property %s', async (_, card) => {
    expect(await send(card)).toBe('400 230099 200621');
  });

  it('for the 201st element, texts with a tag counted', async () => {
    // The title is one element, the hr lines the others.
    const lines = (count: number) => Array.from({ length: count }, () => ({ tag: 'hr' }));
    expect(await sendElements(...lines(199))).toBe('shown');
    expect(await sendElements(...lines(200))).toBe('400 230099 11310');
  });

  it('for 30 KB and one byte', async () => {
    const around = Buffer.byteLength(JSON.stringify(cardWith(markdown(''))));
    expect(await sendElements(markdown('x'.repeat(30 * 1024 - around)))).toBe('shown');
    expect(await sendElements(markdown('x'.repeat(30 * 1024 - around + 1)))).toBe('400 230025');
    expect(await sendElements(markdown('值'.repeat(10 * 1024)))).toBe('400 230025');
  });

  it.each([
    ['a note', { tag: 'note', elements: [] }, '200861'],
    ['an action module', { tag: 'action', actions: [] }, '200861'],
    ['a tag nobody knows', { tag: 'spinner' }, '200621'],
    ['a component without a tag', { content: 'x' }, '200621'],
    ['a table in a column', columns({ tag: 'table', columns: [] }), '200621'],
    ['a form in a panel', panel(form(submit)), '200621'],
    [
      'a panel header padded with two values',
      { ...panel(), header: { title: label('x'), padding: '4px 8px' } },
      '200621',
    ],
    ['lark_md as a panel title', { ...panel(), header: { title: { tag: 'lark_md', content: 'x' } } }, '200621'],
    ['a button text of 101 characters', button({ text: label('x'.repeat(101)) }), '200621'],
    ['a button value that is a string', button({ behaviors: [{ type: 'callback', value: 'ack' }] }), '200621'],
    ['a button type nobody knows', button({ type: 'warning' }), '200621'],
    ['a confirm without a title', button({ confirm: { text: label('x') } }), '200621'],
    ['a hex colour', { ...panel(), background_color: '#ff0000' }, '200621'],
    ['a column of weight 6', { tag: 'column_set', columns: [{ tag: 'column', weight: 6, elements: [] }] }, '200621'],
    ['an element_id of 21 characters', { ...markdown('x'), element_id: 'a'.repeat(21) }, '200621'],
    ['a chart without a spec', { tag: 'chart', chart_spec: {} }, '200550'],
    [
      'table rows that name no column',
      { tag: 'table', columns: [{ name: 'a', data_type: 'text' }], rows: [{ b: 1 }] },
      '200915',
    ],
    ['table rows that are no list', { tag: 'table', columns: [{ name: 'a', data_type: 'text' }], rows: 'x' }, '200914'],
    ['a form item without a name', form({ tag: 'input' }, submit), '200530'],
    ['a form without a submit button', form({ tag: 'input', name: 'reason' }), '200621'],
    ['a required input outside a form', { tag: 'input', name: 'reason', required: true }, '200621'],
    ['containers six deep', panel(panel(panel(panel(panel(panel()))))), '200621'],
  ])('for %s', async (_, element, subCode) => {
    expect(await sendElements(element)).toBe(`400 230099 ${subCode}`);
  });

  it('for what is twice in it: an element_id, a form name', async () => {
    const named = { ...markdown('x'), element_id: 'a' };
    expect(await sendElements(named, named)).toBe('400 230099 200621');
    expect(await sendElements(form({ tag: 'input', name: 'send' }, submit))).toBe('400 230099 200621');
    expect(await sendElements(form({ tag: 'input', name: 'reason' }, submit))).toBe('shown');
  });

  it('for four text tags, six tables, a template nobody knows, update_multi false', async () => {
    const tag = { tag: 'text_tag', text: label('x'), color: 'red' };
    const withHeader = (more: object) => ({ ...cardWith(), header: { title: label('x'), ...more } });
    expect(await send(withHeader({ text_tag_list: [tag, tag, tag] }))).toBe('shown');
    expect(await send(withHeader({ text_tag_list: [tag, tag, tag, tag] }))).toBe('400 230099 200621');
    expect(await send(withHeader({ template: 'pink' }))).toBe('400 230099 200621');
    expect(await send({ ...cardWith(), config: { update_multi: false } })).toBe('400 230099 200621');
    const table = { tag: 'table', columns: [{ name: 'a', data_type: 'text' }], rows: [{ a: 'x' }] };
    expect(await sendElements(table, table, table, table, table)).toBe('shown');
    expect(await sendElements(table, table, table, table, table, table)).toBe('400 230099 11310');
  });

  it('for one person nobody knows, and for everybody where the owner forbade it', async () => {
    const wang = lark.addUser('Wang').openId;
    expect(await sendElements(markdown(`<at id=${wang}></at>`))).toBe('shown');
    expect(lark.messages(chatId)[0]?.mentions).toEqual([wang]);
    expect(await sendElements(markdown(`<at id=${wang}></at><at id=ou_none></at>`))).toBe('400 230099 100290');
    expect(await sendElements(markdown('<at id=all></at>'))).toBe('shown');
    const chat = lark.world.chats.get(chatId);
    if (chat) chat.atAllAllowed = false;
    expect(await sendElements(markdown('<at id="all"></at>'))).toBe('400 230099 100290');
    expect(await sendElements({ tag: 'div', text: label('<at id=all></at>') })).toBe('shown');
  });

  it('by PATCH as by posting', async () => {
    const { data } = await postCard(client, chatId, cardWith());
    const refused = await patchCard(client, String(data['message_id']), cardWith({ ...markdown('x'), colour: 'red' }));
    expect(refused).toMatchObject({ status: 400, code: 230099 });
    expect(refused.msg).toContain('ErrPath: ROOT -> body -> elements -> [0](tag: markdown)');
    expect(lark.messages(chatId)[0]?.edits).toBe(0);
  });
});
