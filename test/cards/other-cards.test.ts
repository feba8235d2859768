import { describe, expect, it } from 'vitest';
import { answerCard } from '../../src/cards/answer-card.ts';
import type { Card } from '../../src/cards/card.ts';
import { helpCard } from '../../src/cards/help-card.ts';
import { incidentListCard, statusCard } from '../../src/cards/list-cards.ts';
import { plainText } from '../../src/cards/plain-text.ts';
import { reportCard } from '../../src/cards/report-card.ts';
import type { Report } from '../../src/cards/report.ts';
import { stormCard } from '../../src/cards/storm-card.ts';
import type { StatusView } from '../../src/cards/view.ts';
import { texts } from '../../src/cards/texts/texts.ts';
import { whyCard } from '../../src/cards/why-card.ts';
import type { IncidentId } from '../../src/incident/incident.ts';
import { ALICE, EN, OPENED, ZH, diagnosis, entry, incident, storm } from './sample.ts';

const buttons = (card: Card) => card.blocks.flatMap((block) => (block.kind === 'buttons' ? block.buttons : []));
const id = (n: number): IncidentId => `INC-20261122-${String(n).padStart(3, '0')}` as IncidentId;
const HOUR = 3_600_000;

describe('the storm card', () => {
  it('counts, by severity and by state', () => {
    const card = stormCard(storm(), ZH);
    expect(card).toMatchObject({ title: '告警风暴 · 300 个故障', subtitle: '严重 2 · 警告 290 · 提示 8', rev: 3 });
    expect(card.tone).toBe('critical');
    expect(plainText(card)).toContain('待认领 298 · 处理中 1 · 已解决 1');
    expect(plainText(card)).toContain('… 另有 299 个未列出');
  });

  it('lists criticals first, then the oldest, and what is over last', () => {
    const listed = [
      incident({ id: id(1), status: 'resolved' }),
      incident({ id: id(2), severity: 'warning' }),
      incident({ id: id(3), openedAt: OPENED + 1 }),
      incident({ id: id(4) }),
    ];
    const shown = buttons(stormCard(storm({ listed }), ZH)).filter(({ value }) => value.action === 'show');
    expect(shown.map(({ text }) => text)).toEqual(['查看 004', '查看 003', '查看 002', '查看 001']);
  });

  it('has an Ack and a Show for each incident by its number, Ack only while nobody has it', () => {
    const listed = [incident({ id: id(1) }), incident({ id: id(2), status: 'acknowledged' })];
    expect(
      buttons(stormCard(storm({ listed }), EN)).map(({ text, value }) => [
        text,
        value.action,
        value.incident_id,
        value.rev,
      ]),
    ).toEqual([
      ['Ack 001', 'ack', 'INC-20261122-001', 7],
      ['Show 001', 'show', 'INC-20261122-001', 7],
      ['Show 002', 'show', 'INC-20261122-002', 7],
    ]);
  });

  it('has the one diagnosis of all in short, above the list, in either language', () => {
    const diagnosed = storm({ diagnosis: diagnosis({ summary: '40 个故障中有 38 个的 node=worker-3。' }) });
    const zh = plainText(stormCard(diagnosed, ZH));
    expect(zh.indexOf('整体诊断')).toBeLessThan(zh.indexOf('严重 · checkout'));
    expect(zh).toContain('40 个故障中有 38 个的 node=worker-3。');
    expect(zh).toContain('支付上游超时 · 把握 72%');
    const en = plainText(stormCard(diagnosed, EN));
    expect(en).toContain('All together');
    expect(en).toContain('支付上游超时 · 72% sure');
    expect(en).not.toContain('刚发布的版本有缺陷');
  });

  it('says why a storm has no diagnosis by a model, and that one is on its way', () => {
    const of = (origin: object) =>
      plainText(stormCard(storm({ diagnosis: diagnosis({ status: 'ready', origin }) }), EN));
    expect(of({ awaiting: true })).toContain(texts('en-US').card.awaiting);
    expect(of({ shortfall: 'budget' })).toContain(texts('en-US').shortfall.budget);
  });

  it('says of each incident what is wrong and since when, its state once somebody acted, and no machine name', () => {
    const listed = [incident({ id: id(1) }), incident({ id: id(2), status: 'acknowledged', assignee: '张三' })];
    const text = plainText(stormCard(storm({ listed }), ZH));
    expect(text).toContain('严重 · checkout 5xx 错误率 12% · 001 · 03:04:05');
    expect(text).toContain('处理中 · 张三 · 03:04:05');
    expect(text).not.toContain(storm().id);
  });

  it('turns green when all is resolved and says that it is over', () => {
    const over = storm({ endedAt: OPENED + HOUR, byStatus: { open: 0, acknowledged: 0, resolved: 300 } });
    expect(stormCard(over, ZH)).toMatchObject({ tone: 'resolved', title: '风暴已过 · 300 个故障' });
    expect(plainText(stormCard(over, ZH))).toContain('结束: 04:04:05');
  });
});

describe('a list of incidents', () => {
  it('shows each on a line with a button that brings its card', () => {
    const card = incidentListCard([incident({ assignee: '张三', status: 'acknowledged' })], ZH);
    expect(card.title).toBe('故障 · 1 个');
    expect(plainText(card)).toContain(
      '- 严重 · checkout 5xx 错误率 12% · INC-20261122-042 · 处理中 · 张三 · 11-22 03:04:05',
    );
    expect(buttons(card)).toMatchObject([
      { text: '查看 042', value: { action: 'show', incident_id: 'INC-20261122-042' } },
    ]);
  });

  it('says how many it does not show, and when there are none', () => {
    const many = Array.from({ length: 30 }, (_, n) => incident({ id: id(n) }));
    expect(plainText(incidentListCard(many, ZH, { total: 70 }))).toContain('… 还有 50 个');
    expect(plainText(incidentListCard([], EN))).toContain('No such incident.');
  });
});

describe('the status card', () => {
  const calm: StatusView = {
    open: 0,
    acknowledged: 0,
    bySeverity: { critical: 0, warning: 0, info: 0 },
    silences: 1,
    waiting: 0,
    targets: [{ name: 'lobby', state: 'ok', pending: false }],
  };

  it('is green and says so when nothing is unresolved', () => {
    expect(statusCard(calm, ZH).tone).toBe('resolved');
    expect(plainText(statusCard(calm, ZH))).toContain('没有未解决的故障。');
  });

  it('unfolds and puts first a target that is in trouble', () => {
    const targets = [...calm.targets, { name: 'ops', state: 'dead', pending: false }];
    const card = statusCard({ ...calm, targets }, ZH);
    expect(plainText(card)).toContain(`通知目标（${targets.length}）`);
    expect(card.blocks.find((block) => block.kind === 'section')).toMatchObject({ collapsed: false });
    expect(plainText(card)).toContain('- ops · 不可达\n  - lobby · 正常');
  });

  it('counts and lists what needs somebody', () => {
    const busy = {
      ...calm,
      open: 2,
      acknowledged: 1,
      bySeverity: { critical: 1, warning: 2, info: 0 },
      worst: [incident()],
    };
    const card = statusCard(busy, ZH);
    expect(card.tone).toBe('critical');
    expect(plainText(card)).toContain('待认领: 2\n处理中: 1\n级别: 严重 1 · 警告 2');
    expect(plainText(card)).toContain('最需要处理\n- 严重 · checkout');
  });
});

describe('the why card', () => {
  const place = { target: 'lobby', shownRevision: 7, wantedRevision: 7, attempts: 0 };
  const why = {
    incident: incident(),
    places: [
      place,
      { ...place, target: 'b', wantedRevision: 9, lastError: 'HTTP 500', attempts: 2 },
      { ...place, target: 'c', parkedReason: 'target_gone' },
      { ...place, target: 'd', foldedInto: 'storm-1' },
      { ...place, target: 'e', shownRevision: 0 },
    ],
    attempts: [{ at: OPENED, target: 'lobby', verb: 'post', outcome: 'ok', latencyMs: 12.4, revision: 1 }],
    timeline: [entry('acknowledged', { actor: ALICE })],
  };

  it('says of every place what is shown there and why not more', () => {
    const text = plainText(whyCard(why, ZH));
    expect(text).toContain('- lobby · 已显示到第 7 版\n');
    expect(text).toContain('- b · 显示到第 7 版，待更新到第 9 版 · 尝试 2 次 · 错误：HTTP 500');
    expect(text).toContain('- c · 已搁置：target_gone');
    expect(text).toContain('- d · 合并在风暴卡片里');
    expect(text).toContain('- e · 尚未显示');
  });

  it('lists deliveries and decisions', () => {
    const text = plainText(whyCard(why, ZH));
    expect(text).toContain('03:04:05 · lobby · 发送 r1 · ok · 12 毫秒');
    expect(text).toContain('03:04:05 张三 认领');
  });

  it('says that it is shown nowhere', () => {
    expect(plainText(whyCard({ ...why, places: [], attempts: [] }, ZH))).toContain('哪里都没有显示');
  });
});

describe('the help card', () => {
  const command = (slash: string, right: string) => ({
    slash,
    chinese: '认领',
    usage: `${slash} ID`,
    help: 'h',
    right,
  });
  const entries = [
    command('/incidents', 'guest'),
    command('/ack', 'reader'),
    command('/resolve', 'responder'),
    command('/bind', 'admin'),
  ];

  it('groups commands by who may use them, folding the admin ones', () => {
    const sections = helpCard(entries, EN).blocks.filter((block) => block.kind === 'section');
    expect(sections.map(({ title, collapsed }) => [title, collapsed])).toEqual([
      ['Everybody', false],
      ['Responders', false],
      ['Admins', true],
    ]);
  });

  it('shows the Chinese word beside the command in Chinese only', () => {
    expect(plainText(helpCard(entries, ZH))).toContain('/ack ID 认领 h');
    expect(plainText(helpCard(entries, EN))).toContain('/ack ID h');
  });
});

describe('the report', () => {
  const report: Report = {
    kind: 'daily',
    from: OPENED,
    to: OPENED + 24 * HOUR,
    opened: { critical: 1, warning: 4, info: 0 },
    resolved: { critical: 1, warning: 2, info: 0 },
    stillOpen: 2,
    mttaMs: 90_000,
    noisiest: [{ title: 'HighErrorRate', count: 4 }],
    deliveries: { ok: 40, failed: 2 },
    openedOverTime: [
      [OPENED, 1],
      [OPENED + HOUR, 4],
    ],
  };

  it('says how much, how fast, what rang most and whether it got through', () => {
    const card = reportCard(report, ZH);
    expect(card.title).toBe('日报 · 11-22 03:04 至 11-23 03:04');
    const text = plainText(card);
    expect(text).toContain('新增: 5（严重 1 · 警告 4）');
    expect(text).toContain('解决: 3（严重 1 · 警告 2）\n仍未解决: 2\n平均认领用时: 1 分 30 秒\n平均解决用时: 暂无');
    expect(text).toContain('通知送达: 成功 40，失败 2');
    expect(text).toContain('1. HighErrorRate · 4 次');
  });

  it('draws what opened when', () => {
    const chart = reportCard(report, ZH).blocks.find((block) => block.kind === 'chart');
    expect(chart?.series).toEqual([{ name: '新增', points: report.openedOverTime }]);
  });

  it('says that nothing happened', () => {
    const none = { critical: 0, warning: 0, info: 0 };
    const quiet = reportCard({ kind: 'weekly', from: 0, to: HOUR, opened: none, resolved: none, noisiest: [] }, EN);
    expect(plainText(quiet)).toContain('No incidents in this time.');
    expect(quiet.tone).toBe('info');
  });
});

describe('an answer', () => {
  it('is a neutral card unless told otherwise', () => {
    expect(answerCard({ title: 'a\nb', blocks: [] }, ZH)).toEqual({
      tone: 'neutral',
      title: 'a b',
      tags: [],
      blocks: [],
    });
    expect(answerCard({ title: 'a', tone: 'info', footer: 'f', blocks: [] }, ZH)).toMatchObject({
      tone: 'info',
      footer: 'f',
    });
  });
});
