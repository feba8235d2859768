import { describe, expect, it } from 'vitest';
import { formatCount, formatMoney } from '../../src/cards/amounts.ts';
import { eventCard } from '../../src/cards/event-card.ts';
import { plainText } from '../../src/cards/plain-text.ts';
import { usageCard } from '../../src/cards/usage-card.ts';
import type { Standing, UsageRow, UsageView } from '../../src/cards/usage.ts';
import { EN, ZH } from './sample.ts';

const NOW = Date.parse('2026-11-22T08:00:00Z');

const row = (changes: Partial<UsageRow> = {}): UsageRow => ({
  key: 'openai',
  name: 'openai',
  calls: 1200,
  failures: 3,
  tokensIn: 1_000_000,
  tokensOut: 234_567,
  cost: 1.5,
  uncounted: 0,
  meanMs: 2340,
  ...changes,
});

const standing = (changes: Partial<Standing> = {}): Standing => ({
  quotaId: 'q1',
  subjectKind: 'provider',
  subject: 'openai',
  name: 'openai',
  period: 'week',
  measure: 'tokens',
  used: 850_000,
  amount: 1_000_000,
  left: 150_000,
  band: 'yellow',
  since: NOW,
  renewsAt: Date.parse('2026-11-22T16:00:00Z'),
  currency: 'USD',
  ...changes,
});

const view = (changes: Partial<UsageView> = {}): UsageView => ({
  from: NOW - 86_400_000,
  to: NOW,
  currency: 'USD',
  configured: true,
  budget: { spent: 8, amount: 10, band: 'yellow', renewsAt: Date.parse('2026-11-22T16:00:00Z') },
  providers: [row(), row({ key: 'ollama', name: 'ollama', calls: 1, failures: 0, cost: 0, uncounted: 1 })],
  quotas: [standing(), standing({ name: '张三', measure: 'calls', used: 5, amount: 5, left: 0, band: 'red' })],
  own: row({ key: 'op1', name: '张三', calls: 5 }),
  people: [row({ key: 'op1', name: '张三', calls: 5 })],
  ...changes,
});

describe('amounts', () => {
  it('are written in groups, money with as many digits as tell something', () => {
    expect([0, 999, 1000, 1234567.4].map(formatCount)).toEqual(['0', '999', '1,000', '1,234,567']);
    expect([0, 0.00001, 0.00071, 0.126, 1, 12345.678].map((n) => formatMoney(n, 'CNY'))).toEqual([
      'CNY 0',
      'CNY <0.0001',
      'CNY 0.00071',
      'CNY 0.13',
      'CNY 1.00',
      'CNY 12,345.68',
    ]);
  });
});

describe('the usage card', () => {
  it('tells the budget, each model, each quota with a sign and a word, what is left, one’s own use and the top', () => {
    const card = usageCard(view(), ZH);
    expect(card.tone).toBe('critical');
    expect(
      plainText(card)
        .split('\n')
        .map((text) => text.trim()),
    ).toEqual([
      '模型用量 · 最近 24 小时',
      '今日预算',
      '- △ 偏高 · 已用 USD 8.00，上限 USD 10.00 · 剩余 USD 2.00 · 11-23 00:00:00 重新计算',
      '模型',
      '- openai · 1,200 次 · 3 次失败 · 1,234,567 token · USD 1.50 · 平均 2.3 秒',
      '- ollama · 1 次 · 1,234,567 token · 平均 2.3 秒',
      '配额',
      '- △ 偏高 · openai · 本周 · 已用 850,000，上限 1,000,000 token · 剩余 150,000 · 11-23 00:00:00 重新计算',
      '- ✗ 已用完 · 张三 · 本周 · 已用 5，上限 5 次 · 剩余 0 · 11-23 00:00:00 重新计算',
      '我的用量',
      '- 张三 · 5 次 · 3 次失败 · 1,234,567 token · USD 1.50 · 平均 2.3 秒',
      '用量最多的人',
      '1. 张三 · 5 次 · 3 次失败 · 1,234,567 token · USD 1.50 · 平均 2.3 秒',
      '有 1 次调用没有按此货币计费：用 zhiban prices set 设置价格后，新的调用会计入预算',
      'Asia/Shanghai',
    ]);
  });

  it('says in English what to configure when nothing limits and nobody called', () => {
    const { budget: _budget, own: _own, ...rest } = view({ providers: [], quotas: [], people: [] });
    const text = plainText(usageCard(rest, EN));
    expect(text).toContain('No model was called in the last 24 hours');
    expect(text).toContain('LLM_DAILY_BUDGET limits the spending of a day, zhiban quotas add limits');
    expect(usageCard(rest, EN).tone).toBe('neutral');
  });
});

describe('the cards of events', () => {
  it('say which model is paused, why and until when', () => {
    const data = { provider: 'openai:deepseek', fault: 'timeout_idle', until: NOW };
    expect(plainText(eventCard('breaker_open', data, ZH))).toMatch(
      /^暂停使用模型 openai:deepseek\n(.|\n)*回答中途停住(.|\n)*2026-11-22 16:00:00/,
    );
    const strange = plainText(eventCard('breaker_open', { ...data, fault: 'constructor' }, EN));
    expect(strange).toContain('constructor');
  });

  it('say whose quota, what is left, which period and when it renews', () => {
    const text = plainText(eventCard('quota_warning', standing(), EN));
    for (const part of ['Quota · model openai', '△ getting high', '850,000 tokens of 1,000,000 tokens', 'this week'])
      expect(text).toContain(part);
    const mine = standing({ subjectKind: 'person', name: '张三', band: 'red', left: 100_000 });
    const red = eventCard('quota_warning', mine, ZH);
    expect(red.tone).toBe('critical');
    expect(plainText(red)).toMatch(
      /个人 张三(.|\n)*‼ 即将用完(.|\n)*剩余(.|\n)*100,000 token(.|\n)*2026-11-23 00:00:00/,
    );
  });

  it('rank people and models, also when nobody asked', () => {
    const data = { from: 0, to: NOW, currency: 'USD', people: [row({ name: '张三' })], providers: [row()] };
    expect(plainText(eventCard('usage_leaderboard', data, EN))).toMatch(
      /Top users\n\s*1\. 张三(.|\n)*Models\n\s*1\. openai/,
    );
    expect(plainText(eventCard('usage_leaderboard', { ...data, people: [] }, ZH))).toContain('没有人提问');
  });

  it('never let a name become more than a name', () => {
    const name = '<at id=all></at>\n[x](https://evil.example)\u202e';
    const cards = [
      eventCard('quota_warning', standing({ name }), EN),
      usageCard(view({ people: [row({ name })] }), EN),
      eventCard('breaker_open', { provider: name, fault: name, until: 0 }, EN),
    ];
    for (const card of cards) expect(JSON.stringify(card)).not.toMatch(/\u202e|\\n|"mention"/);
  });
});
