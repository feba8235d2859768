import { describe, expect, it } from 'vitest';
import type { Block, Card, Form, Series } from '../../../src/cards/card.ts';
import { incidentCard } from '../../../src/cards/incident-card.ts';
import { reportCard } from '../../../src/cards/report-card.ts';
import { stormCard } from '../../../src/cards/storm-card.ts';
import { type LarkCardContext, larkCard } from '../../../src/channels/lark/card/lark-card.ts';
import { createNames, inputNameOf } from '../../../src/channels/lark/card/names.ts';
import { taggedIn } from '../../../src/channels/lark/card/tagged.ts';
import { ALICE, EN, OPENED, ZH, alert, diagnosis, entry, incident, storm, view } from '../../cards/sample.ts';
import { OPEN_ID, cardOf } from './card-samples.ts';

const IN_CHINESE: LarkCardContext = { locale: 'zh-CN' };
const PEOPLE = [{ id: `lark:${OPEN_ID}`, name: '李四' }];

const draw = (card: Card, context = IN_CHINESE) => larkCard(card, context);
const all = (card: unknown, tag: string) =>
  taggedIn(card)
    .filter((each) => each.tag === tag)
    .map(({ element }) => element);
const bodyOf = (...blocks: readonly Block[]) => draw(cardOf(...blocks)).body.elements;
const valuesOf = (card: unknown): readonly unknown[] =>
  all(card, 'button')
    .flatMap(({ behaviors }) => (behaviors as { value?: unknown }[]).map(({ value }) => value))
    .filter(Boolean);
const form = (changes: Partial<Form> = {}): Form => ({
  kind: 'form',
  name: 'reject',
  title: '有误',
  inputs: [{ kind: 'input', name: 'reason', label: '哪里不对', required: true, maxLength: 500 }],
  submit: { text: '否决', style: 'default', value: { action: 'reject_diagnosis' } },
  ...changes,
});

const acknowledged = { status: 'acknowledged', acknowledgedAt: OPENED + 90_000, acknowledgedBy: '张三' } as const;
const STATES = {
  open: view(),
  diagnosing: view({ diagnosis: diagnosis({ status: 'pending' }), people: PEOPLE }),
  diagnosed: view({ diagnosis: diagnosis(), people: PEOPLE }),
  acknowledged: view({
    incident: incident({ ...acknowledged, assignee: '李四', assigneeId: 'lark:ou_lisi' }),
    diagnosis: diagnosis({ status: 'confirmed', decidedBy: '张三', decidedAt: OPENED + 120_000 }),
    timeline: [entry('acknowledged', { actor: ALICE, at: OPENED + 90_000 }), entry('opened')],
  }),
  rejected: view({
    incident: incident(acknowledged),
    diagnosis: diagnosis({ status: 'rejected', decidedBy: '张三', decidedAt: OPENED, rejectReason: '上游正常' }),
  }),
  silenced: view({
    incident: incident({ severity: 'warning', silencedUntil: OPENED + 7_200_000, staleSince: OPENED + 3_600_000 }),
  }),
  resolved: view({
    incident: incident({
      ...acknowledged,
      status: 'resolved',
      resolvedAt: OPENED + 3_900_000,
      resolvedReason: 'manual',
      resolvedBy: '张三',
      cause: '证书过期',
      firingCount: 0,
    }),
    diagnosis: diagnosis(),
  }),
};

describe.each(Object.entries(STATES))('the card of an incident that is %s', (state, facts) => {
  it.each([ZH, EN])('looks as it did, in $locale', async (context) => {
    const made = draw(incidentCard(facts, context), { locale: context.locale });
    const file = `../../fixtures/lark/cards/${state}.${context.locale}.json`;
    await expect(`${JSON.stringify(made, null, 2)}\n`).toMatchFileSnapshot(file);
  });
});

describe('the header', () => {
  it('says by its colour how bad it is or that it is over', () => {
    const tones = ['critical', 'warning', 'info', 'resolved', 'stale', 'neutral'] as const;
    const colours = tones.map((tone) => draw({ ...cardOf(), tone }).header.template);
    expect(colours).toEqual(['red', 'orange', 'blue', 'green', 'grey', 'default']);
  });

  it('tells the story in one line to the chat list', () => {
    const { summary } = draw(incidentCard(view(), ZH)).config;
    expect(summary.content).toBe('严重 · checkout 5xx 错误率 12% · INC-20261122-042 · 待认领');
  });

  it('has three tags at most, which is what is shown', () => {
    const tags = ['a', 'b', 'c', 'd'].map((text) => ({ text, tone: 'info' as const }));
    expect(draw({ ...cardOf(), tags }).header.text_tag_list).toHaveLength(3);
  });
});

describe('short fields', () => {
  const short = (value: string) => ({ label: 'l', value: [{ text: value }], short: true });
  const rowsOf = (...values: readonly string[]) => bodyOf({ kind: 'fields', fields: values.map(short) });

  it('share a row', () => {
    expect(rowsOf('1 条', '11-22 16:28:45')).toMatchObject([{ tag: 'column_set', columns: [{}, {}] }]);
  });

  it('have a row each when a word of one is longer than half a row of a phone', () => {
    expect(rowsOf('ops', `lark:${OPEN_ID}`).map(({ tag }) => tag)).toEqual(['markdown', 'markdown']);
  });
});

describe('what can be done', () => {
  it('sends exactly the published values', () => {
    const values = valuesOf(draw(incidentCard(view({ diagnosis: diagnosis(), people: PEOPLE }), ZH)));
    const shown = { incident_id: 'INC-20261122-042', rev: 7 };
    expect(values).toEqual([
      { action: 'ack', ...shown },
      { action: 'assign', ...shown },
      { action: 'silence', ...shown, args: { duration: '2h' } },
      { action: 'confirm_diagnosis', ...shown, diagnosis_id: 'diag-1' },
      { action: 'rediagnose', ...shown },
      { action: 'resolve', ...shown },
      { action: 'reject_diagnosis', ...shown, diagnosis_id: 'diag-1' },
      { action: 'assign', ...shown },
    ]);
  });

  it('asks for a reason to reject, offers a cause to resolve and people to assign', () => {
    const made = draw(incidentCard(view({ diagnosis: diagnosis(), people: PEOPLE }), ZH));
    const inputs = [...all(made, 'input'), ...all(made, 'select_static')];
    expect(inputs.map(({ name, required }) => [name, required])).toEqual([
      ['cause', false],
      ['reason', true],
      ['to', true],
    ]);
    expect(inputs[2]).toMatchObject({ options: [{ text: { content: '李四' }, value: `lark:${OPEN_ID}` }] });
  });

  it('asks once more before resolving', () => {
    const resolve = all(draw(incidentCard(view(), ZH)), 'button').find(({ name }) => name === 'submit_resolve');
    expect(resolve).toMatchObject({
      type: 'danger',
      form_action_type: 'submit',
      confirm: { title: { content: '解决 INC-20261122-042？' } },
    });
  });

  it('stands at the root even when it came in a section, folded under its title', () => {
    const [panel, hoisted] = bodyOf({
      kind: 'section',
      title: '更多',
      collapsed: true,
      blocks: [{ kind: 'divider' }, form()],
    });
    expect(panel).toMatchObject({ tag: 'collapsible_panel', expanded: false, elements: [{ tag: 'hr' }] });
    expect(hoisted).toMatchObject({
      tag: 'form',
      elements: [{ tag: 'collapsible_panel', header: { title: { content: '有误' } } }],
    });
  });

  it('is told by its colour from what is only read', () => {
    const made = draw(incidentCard(STATES.diagnosed, ZH));
    const grey = all(made, 'collapsible_panel').filter(({ background_color: colour }) => colour === 'grey');
    expect(grey.map(({ header }) => (header as { title: { content: string } }).title.content)).toEqual([
      '解决',
      '诊断有误',
      '指派给他人',
    ]);
  });

  it('gives every input of a card a name of its own, from which the first name can be told', () => {
    const names = all(draw(cardOf(form(), form({ name: 'other' }))), 'input').map(({ name }) => String(name));
    expect(names).toEqual(['reason', 'reason__2']);
    expect(names.map(inputNameOf)).toEqual(['reason', 'reason']);
    expect(createNames()('')).toBe('input');
  });

  it('is a mere button when there is nothing to fill in, and nothing when there is nobody to choose', () => {
    expect(all(draw(cardOf(form({ inputs: [] }))), 'form')).toEqual([]);
    expect(valuesOf(draw(cardOf(form({ inputs: [] }))))).toEqual([{ action: 'reject_diagnosis' }]);
    const nobody = { kind: 'select', name: 'to', label: '人员', required: true, options: [] } as const;
    expect(bodyOf(form({ inputs: [nobody] }))).toEqual([]);
  });

  it('is left out where a custom bot could not hear of it', () => {
    const made = draw(incidentCard(view({ diagnosis: diagnosis() }), ZH), { ...IN_CHINESE, callbacks: false });
    expect(valuesOf(made)).toEqual([]);
    expect(all(made, 'form')).toEqual([]);
    expect(all(made, 'button').length).toBeGreaterThan(0);
  });
});

describe('links', () => {
  const buttonsOf = (...links: readonly { text: string; url: string }[]) =>
    all(bodyOf({ kind: 'links', links: links.map((link) => ({ host: 'bank.example', ...link })) }), 'button');

  it('are buttons that open the address and show its true host', () => {
    expect(buttonsOf({ text: '手册', url: 'https://wiki.example/x' })).toMatchObject([
      {
        text: { content: '手册 · wiki.example' },
        behaviors: [{ type: 'open_url', default_url: 'https://wiki.example/x' }],
      },
    ]);
  });

  it('show the end of a long host, which tells whose it is', () => {
    const [button] = buttonsOf({ text: '手册', url: `https://bank.example.${'a.'.repeat(60)}evil.example/` });
    expect(button).toMatchObject({ text: { content: expect.stringMatching(/^手册 · ….*\.evil\.example$/u) } });
  });

  it('open nothing but http(s)', () => {
    expect(
      buttonsOf({ text: 'x', url: 'javascript:alert(1)' }, { text: 'y', url: 'lark://x' }, { text: 'z', url: '' }),
    ).toEqual([]);
  });
});

describe('text', () => {
  const markdown = (...text: Extract<Block, { kind: 'text' }>['text']) =>
    all(bodyOf({ kind: 'text', text }), 'markdown')[0]?.['content'];

  it('mentions a person whom we mean by an id that can be one, and else names them', () => {
    const mention = (id: string) => markdown({ mention: { id, name: '张三' } });
    expect(mention(OPEN_ID)).toBe(`<at id=${OPEN_ID}></at>`);
    for (const id of ['all', 'on_x', 'ou_x></at><at id=all', 'ou_', `lark:${OPEN_ID}`])
      expect(mention(id)).toBe('&#64;张三');
  });

  it('names people without notifying them when told so', () => {
    const card = cardOf({ kind: 'text', text: [{ mention: { id: OPEN_ID, name: '张三' } }] });
    expect(JSON.stringify(draw(card, { ...IN_CHINESE, mentions: false }))).not.toContain('<at');
  });

  it('never lets a label mention anybody', () => {
    expect(markdown({ text: '<at id=all></at>' })).toBe('&#60;at id=all&#62;&#60;/at&#62;');
    const title = '<at id=all></at>';
    expect(draw({ ...cardOf(), title }).header.title).toEqual({ tag: 'plain_text', content: title });
  });

  it('keeps marks apart from what stands beside them, or they would be read as letters', () => {
    expect(markdown({ text: '原因' }, { text: '上游', style: 'bold' }, { text: '。' })).toBe('原因 **上游** 。');
  });

  it('shows as code only what could mean nothing there', () => {
    expect(markdown({ text: 'rate(x_total[5m])', style: 'code' })).toBe('`rate(x_total[5m])`');
    expect(markdown({ text: 'a `b` <at id=all></at>', style: 'code' })).not.toMatch(/[`<]/u);
  });

  it('begins no line with a list, a heading or code by accident', () => {
    expect(markdown({ text: '- a\n    b\n1. c\n=== d' })).toBe(
      '&#45; a\n&nbsp;&nbsp;&nbsp;&nbsp;b\n1&#46; c\n&#61;== d',
    );
  });
});

describe('a chart', () => {
  const series = [
    {
      name: '新增',
      points: [
        [OPENED, 1],
        [OPENED + 3_600_000, 4],
      ] as const,
    },
  ];
  const specOf = (points: readonly Series[] = series, timezone?: string) => {
    const block = { kind: 'chart', title: '趋势', unit: '个', series: points } as const;
    return all(draw(cardOf(block), timezone === undefined ? IN_CHINESE : { ...IN_CHINESE, timezone }), 'chart')[0]?.[
      'chart_spec'
    ];
  };

  it('draws the series over the time of the card, labelled as shortly as tells the points apart', () => {
    expect(specOf(series, 'Asia/Shanghai')).toMatchObject({
      type: 'line',
      title: { text: '趋势 (个)' },
      data: {
        values: [
          { time: '03:04', value: 1 },
          { time: '04:04', value: 4 },
        ],
      },
    });
    const days = [
      {
        name: 'x',
        points: [
          [OPENED, 1],
          [OPENED + 86_400_000, 2],
        ] as const,
      },
    ];
    expect(specOf(days)).toMatchObject({ data: { values: [{ time: '11-21 19:04' }, { time: '11-22 19:04' }] } });
  });

  it('is in a report, and keeps the newest point of many', () => {
    const counts = { critical: 0, warning: 1, info: 0 };
    const openedOverTime = Array.from({ length: 48 }, (_, n) => [OPENED + n * 3_600_000, n] as const);
    const report = {
      kind: 'daily',
      from: OPENED,
      to: OPENED,
      opened: counts,
      resolved: counts,
      noisiest: [],
      openedOverTime,
    } as const;
    expect(all(draw(reportCard(report, ZH)), 'chart')).toHaveLength(1);
    const many = [{ name: 'x', points: Array.from({ length: 500 }, (_, n) => [n * 60_000, n] as const) }];
    const values = (specOf(many) as { data: { values: { value: number }[] } }).data.values;
    expect(values.length).toBeLessThanOrEqual(60);
    expect(values.at(-1)?.value).toBe(499);
  });

  it('is nothing without a point that can be drawn', () => {
    expect(specOf([{ name: 'x', points: [[OPENED, Number.NaN]] }])).toBeUndefined();
  });
});

describe('a card that is too big', () => {
  const crowded = view({
    diagnosis: diagnosis({
      evidence: Array.from({ length: 8 }, (_, n) => ({
        id: `E${n}`,
        source: 'x',
        title: '<*>'.repeat(40),
        text: '<_>'.repeat(80),
        at: OPENED,
      })),
    }),
    alerts: Array.from({ length: 8 }, (_, n) => alert(`${n}${'<&>'.repeat(50)}`)),
    people: Array.from({ length: 50 }, (_, n) => ({ id: `lark:ou_${n}`, name: `同事 ${n}` })),
    incident: incident({
      labels: Object.fromEntries(Array.from({ length: 12 }, (_, n) => [`l${n}`, '[]'.repeat(60)])),
    }),
  });
  const links = (made: unknown) => JSON.stringify(made).match(/https:\/\/zhiban\.example[^"]*/gu);

  it('is not touched while it fits', () => {
    const storms = stormCard(storm({ listed: Array.from({ length: 10 }, (_, n) => incident({ seq: n })) }), ZH);
    expect(all(draw(storms), 'button')).toHaveLength(21);
    expect(all(draw(incidentCard(STATES.diagnosed, ZH)), 'collapsible_panel')).toHaveLength(6);
  });

  it('is shortened and leads to the whole, with what can be done kept', () => {
    const made = draw(incidentCard(crowded, ZH), { ...IN_CHINESE, maxBytes: 12_000 });
    expect(links(made)).toEqual(['https://zhiban.example/incidents/INC-20261122-042']);
    expect(valuesOf(made)).toContainEqual({ action: 'ack', incident_id: 'INC-20261122-042', rev: 7 });
    expect(JSON.stringify(made)).toContain('…');
  });

  it('leads to the console when the card itself knows no way', () => {
    const items = Array.from({ length: 400 }, () => [{ text: '<>'.repeat(100) }]);
    const made = draw(cardOf({ kind: 'list', ordered: false, items }), {
      ...IN_CHINESE,
      publicUrl: 'https://zhiban.example/',
    });
    expect(links(made)).toEqual(['https://zhiban.example/']);
  });

  it('offers fewer people before it gives up anything to read', () => {
    const made = draw(
      incidentCard({ ...crowded, people: Array.from({ length: 50 }, (_, n) => ({ id: `p:${n}`, name: 'x' })) }, ZH),
    );
    expect(taggedIn(made).length).toBeLessThanOrEqual(200);
    expect(JSON.stringify(made)).toContain('可能原因');
  });
});
