import { describe, expect, it } from 'vitest';
import type { Block, Button, Card, Form } from '../../src/cards/card.ts';
import { incidentCard } from '../../src/cards/incident-card.ts';
import { plainText } from '../../src/cards/plain-text.ts';
import { ALICE, EN, OPENED, ZH, alert, diagnosis, entry, incident, view } from './sample.ts';

const MINUTE = 60_000;

const of = <K extends Block['kind']>(card: Card, kind: K) =>
  card.blocks.filter((block): block is Extract<Block, { kind: K }> => block.kind === kind);
const buttons = (card: Card): readonly Button[] => of(card, 'buttons').flatMap((block) => block.buttons);
const forms = (card: Card): readonly Form[] => of(card, 'form');
const actions = (card: Card): readonly string[] => [
  ...buttons(card).map(({ value }) => value.action),
  ...forms(card).map(({ submit }) => submit.value.action),
];
const section = (card: Card, title: string) => of(card, 'section').find((block) => block.title.startsWith(title));
const text = (card: Card): string => plainText(card);

const acknowledged = { status: 'acknowledged', acknowledgedAt: OPENED + 90_000, acknowledgedBy: '张三' } as const;
const resolved = { status: 'resolved', resolvedAt: OPENED + 65 * MINUTE, firingCount: 0 } as const;

describe('an incident card at a glance', () => {
  it('says how bad and what in the title, which one and who has it in the subtitle', () => {
    const card = incidentCard(view(), ZH);
    expect(card.title).toBe('严重 · checkout 5xx 错误率 12%');
    expect(card.subtitle).toBe('INC-20261122-042 · 待认领');
    expect(card.tone).toBe('critical');
    expect(card).toMatchObject({ incidentId: 'INC-20261122-042', rev: 7 });
    expect(incidentCard(view(), EN).title).toBe('Critical: checkout 5xx 错误率 12%');
  });

  it('says where, since when, how many alerts and that nobody has it', () => {
    const card = text(incidentCard(view(), ZH));
    expect(card).toContain('位置: prod / shop / checkout / checkout-1, checkout-2\n');
    expect(card).toContain('开始: 11-22 03:04:05');
    expect(card).toContain('告警: 2 条触发 / 共 3 条');
    expect(card).toContain('负责人: 暂无人认领');
  });

  it('names who has it and when they took it', () => {
    const taken = text(incidentCard(view({ incident: incident(acknowledged) }), ZH));
    expect(taken).toContain('负责人: 张三 · 03:05:35 认领');
    const given = incident({ ...acknowledged, assignee: '李四', assigneeId: 'playground:lisi' });
    expect(text(incidentCard(view({ incident: given }), ZH))).toContain('负责人: 李四 · 张三 03:05:35 认领');
  });

  it('does not repeat a summary that is the title', () => {
    const card = incidentCard(view({ incident: incident({ summary: 'checkout 5xx  错误率 12% ' }) }), ZH);
    expect(text(card).split('错误率 12%')).toHaveLength(2);
  });

  it('turns green when resolved and grey when stale, whatever the severity', () => {
    expect(incidentCard(view({ incident: incident(resolved) }), ZH).tone).toBe('resolved');
    const stale = incidentCard(view({ incident: incident({ staleSince: OPENED + 86_400_000 }) }), ZH);
    expect(stale.tone).toBe('stale');
    expect(stale.tags.map((tag) => tag.text)).toContain('久无消息');
    expect(text(stale)).toContain('自 11-23 03:04:05 起没有再收到这些告警');
    expect(incidentCard(view({ incident: incident({ severity: 'info' }) }), ZH).tone).toBe('info');
  });

  it('says until when it is silenced', () => {
    const card = incidentCard(view({ incident: incident({ silencedUntil: OPENED + 120 * MINUTE }) }), ZH);
    expect(text(card)).toContain('已静默至 05:04:05');
    expect(card.tags.map((tag) => tag.text)).toEqual(['静默中']);
  });
});

describe('the end of an incident', () => {
  it('says when, after how long, and that its alerts did it', () => {
    const card = text(incidentCard(view({ incident: incident({ ...resolved, resolvedReason: 'alerts' }) }), ZH));
    expect(card).toContain('恢复: 04:09:05 · 持续 1 小时 5 分');
    expect(card).toContain('结束方式: 告警全部恢复');
    expect(card).not.toContain('暂无人认领');
  });

  it('names the person and the cause, and warns when alerts were still firing', () => {
    const byHand = {
      ...resolved,
      resolvedReason: 'manual',
      resolvedBy: '张三',
      cause: '证书过期',
      firingCount: 2,
    } as const;
    const card = text(incidentCard(view({ incident: incident(byHand) }), ZH));
    expect(card).toContain('结束方式: 张三 标记解决');
    expect(card).toContain('根因: 证书过期');
    expect(card).toContain('已标记解决，但仍有 2 条告警在触发');
  });

  it('gives no advice any more and offers only to reopen', () => {
    const card = incidentCard(view({ incident: incident(resolved), diagnosis: diagnosis() }), ZH);
    expect(actions(card)).toEqual(['reopen']);
    expect(text(card)).not.toContain('下一步');
  });
});

describe('what is probably wrong', () => {
  it('shows the hints and that a diagnosis is under way', () => {
    const before = text(incidentCard(view(), ZH));
    expect(before).toContain('- HTTP 5xx 通常是上游或刚发布的版本');
    expect(before).not.toContain('诊断中');
    const pending = incidentCard(view({ diagnosis: diagnosis({ status: 'pending' }) }), ZH);
    expect(text(pending)).toContain('诊断中…');
    expect(section(pending, '依据')).toBeUndefined();
  });

  it('says how sure, from what experience, on what evidence, and what to do with its risk', () => {
    const card = incidentCard(view({ diagnosis: diagnosis() }), ZH);
    expect(text(card)).toContain('可能原因：支付上游超时 · 把握 72% · 见过 5 次，确认 3 次 · 依据 E1 E2');
    expect(text(card)).toContain('- 刚发布的版本有缺陷 · 把握 20% · 依据 E2');
    expect(text(card)).toContain(
      '1. 查看支付网关的延迟\n2. [谨慎] 回滚 checkout kubectl rollout undo deploy/checkout\n3. [危险]',
    );
    expect(section(card, '依据（2）')?.collapsed).toBe(true);
    expect(text(card)).not.toContain('初步线索');
  });

  it('shows who confirmed, and drops the causes it was not', () => {
    const decided = { status: 'confirmed', decidedBy: '张三', decidedAt: OPENED + 120_000 } as const;
    const card = incidentCard(view({ diagnosis: diagnosis(decided) }), ZH);
    expect(text(card)).toContain('张三 于 03:06:05 确认了这个诊断');
    expect(text(card)).not.toContain('刚发布的版本有缺陷');
    expect(actions(card)).not.toContain('confirm_diagnosis');
  });

  it('strikes a rejected cause out, gives its reason and no advice', () => {
    const decided = { status: 'rejected', decidedBy: '张三', decidedAt: OPENED, rejectReason: '上游正常' } as const;
    const card = incidentCard(view({ diagnosis: diagnosis(decided) }), ZH);
    expect(JSON.stringify(card)).toContain('{"text":"支付上游超时","style":"strike"}');
    expect(text(card)).toContain('张三 于 03:04:05 否决了这个诊断 · 理由：上游正常');
    expect(text(card)).not.toContain('下一步');
    expect(actions(card)).toContain('rediagnose');
  });

  it('admits that it does not know, or that nothing is wrong, or that it failed', () => {
    const of3 = (status: 'inconclusive' | 'not_an_issue' | 'failed') =>
      text(incidentCard(view({ diagnosis: diagnosis({ status, causes: [] }) }), ZH));
    expect(of3('inconclusive')).toContain('证据不足，暂无法判断原因');
    expect(of3('not_an_issue')).toContain('看起来不是故障');
    expect(of3('failed')).toContain('诊断没有完成，可以再试一次');
  });

  it('tells what was found in the card’s own time, line by line, and leaves quoted lines as they are', () => {
    const found = 'seen 41 times, first 2026-11-21T19:02:05Z\n> 2026-11-21T19:02:05Z ERROR no connection\n';
    const query = `{namespace="shop"} |~ "${'error|'.repeat(30)}"`;
    const evidence = [
      { id: 'E1', source: 'loki', title: 'Log', query, text: found, at: OPENED },
      { id: 'E2', source: 'rule', title: '规则匹配：连接耗尽', query: 'x (name)', text: 'x', at: OPENED },
    ];
    const said = text(incidentCard(view({ diagnosis: diagnosis({ evidence }) }), ZH));
    expect(said).toContain('… · seen 41 times, first 03:02:05 · 2026-11-21T19:02:05Z ERROR no connection');
    expect(said).toMatch(/Log \{namespace="shop"\}.{40,60}… · seen/);
    expect(said).toMatch(/E2 规则匹配：连接耗尽\n/);
  });

  it('names the runbook that tells how to take a step', () => {
    const steps = [{ text: '看长事务', risk: 'safe', runbookId: 'mysql' }] as const;
    expect(text(incidentCard(view({ diagnosis: diagnosis({ steps }) }), ZH))).toContain('1. 看长事务 /runbook mysql');
  });

  it('keeps the line ends of a command visible', () => {
    const steps = [{ text: '清理', risk: 'dangerous', command: 'cd /data\nrm -r tmp' }] as const;
    expect(text(incidentCard(view({ diagnosis: diagnosis({ steps }) }), ZH))).toContain('cd /data ⏎ rm -r tmp');
  });
});

describe('the buttons', () => {
  it('offer what is possible in each state, most wanted first', () => {
    expect(actions(incidentCard(view(), ZH))).toEqual(['ack', 'assign', 'silence', 'resolve']);
    expect(actions(incidentCard(view({ diagnosis: diagnosis() }), ZH))).toEqual([
      'ack',
      'assign',
      'silence',
      'confirm_diagnosis',
      'rediagnose',
      'resolve',
      'reject_diagnosis',
    ]);
    expect(actions(incidentCard(view({ incident: incident(acknowledged) }), ZH))).toEqual([
      'assign',
      'silence',
      'resolve',
    ]);
  });

  it('make acknowledging the primary one', () => {
    expect(buttons(incidentCard(view(), ZH)).filter(({ style }) => style === 'primary')).toMatchObject([
      { text: '认领', value: { action: 'ack' } },
    ]);
  });

  it('all carry the incident and the revision, verdicts the diagnosis', () => {
    const card = incidentCard(view({ diagnosis: diagnosis(), people: [{ id: 'playground:lisi', name: '李四' }] }), ZH);
    const values = [...buttons(card), ...forms(card).map(({ submit }) => submit)].map(({ value }) => value);
    expect(values).toHaveLength(8);
    for (const value of values) expect(value).toMatchObject({ incident_id: 'INC-20261122-042', rev: 7 });
    const verdicts = values.filter(({ action }) => action.endsWith('_diagnosis'));
    expect(verdicts.map((value) => value.diagnosis_id)).toEqual(['diag-1', 'diag-1']);
    expect(values.find(({ action }) => action === 'silence')?.args).toEqual({ duration: '2h' });
  });

  it('ask before resolving, more urgently while alerts fire', () => {
    const ask = (firingCount: number) =>
      forms(incidentCard(view({ incident: incident({ firingCount }) }), ZH)).find(({ name }) => name === 'resolve')
        ?.submit.confirm;
    expect(ask(2)?.text).toContain('仍有 2 条告警在触发');
    expect(ask(0)?.text).not.toContain('仍有');
  });

  it('want a reason for a rejection and none for a resolution', () => {
    const required = Object.fromEntries(
      forms(incidentCard(view({ diagnosis: diagnosis() }), ZH)).map(({ name, inputs }) => [name, inputs[0]?.required]),
    );
    expect(required).toEqual({ resolve: false, reject_diagnosis: true });
  });

  it('let it be given to somebody when there is somebody', () => {
    const card = incidentCard(view({ people: [{ id: 'playground:lisi', name: '李四' }] }), ZH);
    expect(forms(card).find(({ name }) => name === 'assign')?.inputs[0]).toMatchObject({
      name: 'to',
      options: [{ value: 'playground:lisi', text: '李四' }],
    });
  });
});

describe('the story', () => {
  it('is told oldest first and stands open while a person acted', () => {
    const timeline = [
      entry('noted', { actor: ALICE, at: OPENED + 86_400_000, data: { text: 'critical' } }),
      entry('severity', { data: { from: 'warning', to: 'critical' } }),
      entry('opened'),
    ];
    const card = incidentCard(view({ timeline }), ZH);
    expect(section(card, '处理经过')?.collapsed).toBe(false);
    expect(text(card)).toContain(
      '03:04:05 故障产生\n  - 03:04:05 级别变为严重（原警告）\n  - 11-23 03:04:05 张三 备注：critical',
    );
    expect(section(incidentCard(view(), ZH), '处理经过')?.collapsed).toBe(true);
  });

  it('tells what a person did from what happened by itself', () => {
    const timeline = [
      entry('unsilenced', { actor: ALICE }),
      entry('unsilenced'),
      entry('diagnosis', { actor: ALICE, data: { status: 'pending' } }),
      entry('diagnosis', { data: { status: 'ready', provider: 'rules' } }),
      entry('diagnosis', { data: { status: 'inconclusive', provider: 'openai:qwen' } }),
      entry('reopened', { data: { reason: 'still_firing' } }),
    ];
    const card = incidentCard(view({ timeline }), ZH);
    const lines = text(card)
      .split('\n')
      .filter((part) => part.startsWith('  - 03:04:05'))
      .map((part) => part.slice(13));
    expect(lines).toEqual([
      '告警仍在触发，重新打开',
      'openai:qwen 诊断：无法判断',
      '规则诊断完成',
      '张三 要求重新诊断',
      '静默结束',
      '张三 解除静默',
    ]);
    const ended = [
      entry('resolved', { data: { reason: 'expired' } }),
      entry('resolved', { data: { reason: 'alerts' } }),
    ];
    expect(text(incidentCard(view({ timeline: ended }), ZH))).toContain(
      '告警全部恢复，故障结束\n  - 03:04:05 7 天没有消息',
    );
  });

  it('lists the alerts with what tells them apart, and says how many more there are', () => {
    const alerts = Array.from({ length: 12 }, (_, n) => alert(`pod-${n}`));
    const card = incidentCard(view({ alerts, incident: incident({ alertsCount: 30, firingCount: 30 }) }), ZH);
    expect(text(card)).toContain('触发中 · pod=pod-0 · 03:04:05');
    expect(text(card)).toContain('… 还有 22 条');
    expect(text(card)).toContain('checkout / pod-0, pod-1 等 12 处');
  });
});

describe('links', () => {
  it('are buttons of their own with the host shown, the runbook first, at most six with our own page', () => {
    const many = Array.from({ length: 9 }, (_, n) => ({ kind: 'graph' as const, url: `https://g${n}.example/` }));
    const links = [...many, { kind: 'runbook' as const, url: 'https://wiki.example/x' }];
    const shown = of(incidentCard(view({ incident: incident({ links }) }), ZH), 'links')[0]?.links ?? [];
    expect(shown).toHaveLength(6);
    expect(shown[0]).toEqual({ text: '手册', host: 'wiki.example', url: 'https://wiki.example/x' });
    expect(shown.at(-1)?.url).toBe('https://zhiban.example/incidents/INC-20261122-042');
  });

  it('never open anything but http(s), and show the true host', () => {
    const links = [
      'javascript:alert(1)',
      'data:text/html,x',
      'lark://x',
      'https://bank.example@evil.example/',
      'http://例え.jp/',
      'nope',
    ];
    const card = incidentCard(
      view({ incident: incident({ links: links.map((url) => ({ kind: 'other', url })) }) }),
      ZH,
    );
    expect(of(card, 'links')[0]?.links.map(({ host }) => host)).toEqual([
      'evil.example',
      'xn--r8jz45g.jp',
      'zhiban.example',
    ]);
    expect(JSON.stringify(card)).not.toContain('bank.example');
  });
});

describe('purity', () => {
  it('gives an equal card for an equal view, whatever the time', () => {
    const facts = () => view({ diagnosis: diagnosis(), incident: incident(acknowledged) });
    expect(incidentCard(facts(), ZH)).toEqual(incidentCard(facts(), ZH));
  });

  it('does not change when the same alert is merely seen again', () => {
    const again = { lastSeenAt: OPENED + 3_600_000 };
    const before = view({ alerts: [alert('a')] });
    const after = view({ incident: incident(again), alerts: [alert('a', { ...again, repeats: 60 })] });
    expect(incidentCard(after, ZH)).toEqual(incidentCard(before, ZH));
  });
});
