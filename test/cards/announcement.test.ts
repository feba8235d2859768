import { describe, expect, it } from 'vitest';
import { announcement } from '../../src/cards/announcement.ts';
import { plainRich } from '../../src/cards/plain-text.ts';
import { RING_REASONS } from '../../src/incident/incident.ts';
import { EN, OPENED, ZH, incident } from './sample.ts';

const closed = { status: 'resolved', resolvedAt: OPENED + 3_600_000 } as const;

describe('an announcement', () => {
  it('says the news first, then what and which, then whom it is for', () => {
    const mentions = [{ id: 'ou_1', name: '张三' }];
    const rich = announcement({ incident: incident(), reason: 'opened', mentions }, ZH);
    expect(plainRich(rich)).toBe('新故障 · 严重 · checkout 5xx 错误率 12% · INC-20261122-042 @张三');
    expect(rich.filter((part) => 'mention' in part)).toEqual([{ mention: { id: 'ou_1', name: '张三' } }]);
  });

  it.each([
    ['severity_up', {}, '升级为严重'],
    ['new_alert', {}, '认领后又有新告警，现有 2 条触发'],
    ['assigned', { assignee: '李四' }, '指派给 李四'],
    ['unacknowledged', {}, '自 11-22 03:04:05 起仍无人认领'],
    ['resolved', { ...closed, resolvedReason: 'alerts' }, '告警全部恢复 (持续 1 小时)'],
    ['resolved', { ...closed, resolvedReason: 'manual', resolvedBy: '张三' }, '张三 标记解决 (持续 1 小时)'],
    ['resolved', { ...closed, resolvedReason: 'expired' }, '7 天没有消息，自动关闭 (持续 1 小时)'],
  ] as const)('of %s %o reads "%s"', (reason, changes, news) => {
    const said = plainRich(announcement({ incident: incident(changes), reason, mentions: [] }, ZH));
    expect(said.slice(0, said.indexOf(' · 严重'))).toBe(news);
  });

  it('exists for every reason, in both languages, and mentions nobody by itself', () => {
    for (const reason of RING_REASONS) {
      const [zh, en] = [ZH, EN].map((context) => announcement({ incident: incident(), reason, mentions: [] }, context));
      expect(zh).not.toEqual(en);
      expect([...(zh ?? []), ...(en ?? [])].some((part) => 'mention' in part)).toBe(false);
    }
  });
});
