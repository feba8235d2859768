import { afterEach, beforeEach, expect, it } from 'vitest';
import { OPERATIONS } from '../../src/operations/table.ts';
import { type AppUnderTest, openApp } from '../support/app.ts';
import { hears } from '../support/asking-room.ts';
import { eventually } from '../support/lark-app.ts';
import { type PlaygroundClient, playgroundClient } from '../support/playground-client.ts';

let app: AppUnderTest;
let room: PlaygroundClient;
beforeEach(async () => {
  app = await openApp();
  room = playgroundClient(app.url);
});
afterEach(() => app.close());

/** Every command in an order in which each has something to do: as `/cmd`, in Chinese, and what is answered to both. */
const SAID: readonly (readonly [slash: string, chinese: string, zh: string, en: string])[] = [
  ['/help', '帮助', '/assign', '/assign'],
  ['/status', '状态', '待认领 1', 'Unclaimed 1'],
  ['/incidents', '故障', '故障 · 1 个', '1 incident'],
  ['/incidents mine', '故障 我的', '故障 · 0 个', '0 incidents'],
  ['/incidents all', '故障 全部', '故障 · 1 个', '1 incident'],
  ['/incident 1', '详情1', 'ID 的卡片马上出现', 'The card of ID is on its way'],
  ['/ack 1', '认领1', 'ID 由 Lin 认领', 'ID acknowledged by Lin'],
  ['/assign 1 @Alice', '指派 #1 @Alice', 'ID 已指派给 Alice', 'ID assigned to Alice'],
  ['/note 001 looked at it', '备注 ID 看过了', '已记到 ID', 'Noted on ID'],
  ['/diagnose ID', '诊断 ＃１', '正在重新诊断 ID', 'Diagnosing ID again'],
  ['/diagnose OOMKilled', '诊断 Pod 内存溢出', '这段内容可能说明', 'What this probably means'],
  ['/confirm', '确认', '已确认 ID 的诊断', 'Diagnosis of ID confirmed'],
  ['/reject it was DNS', '否决 是 DNS', '已否决 ID 的诊断', 'Diagnosis of ID rejected'],
  ['/silence 2h deploy', '静默 2小时 发布', 'ID 静默 2 小时', 'ID silenced for 2 h'],
  ['/silences', '静默列表', '生效中的静默：1', 'Silences in force: 1'],
  ['/unsilence 1', '解除静默1', '已解除 ID 的静默', 'Silence of ID removed'],
  ['/silence team=x 1h', '静默 team=x 1h', '匹配 team=x 的告警静默', 'Alerts matching team=x silenced'],
  ['/why', '为什么', '为什么 · ID', 'Why: ID'],
  ['/resolve rolled back', '解决 1 已回滚', 'ID 已解决', 'ID resolved'],
  ['/reopen 1', '重开1', 'ID 已重新打开', 'ID reopened'],
  ['/oncall', '值班', '还没有值班表', 'no rotations yet'],
  ['/report', '报表', '日报 · ', 'Daily report'],
  ['/report weekly', '报表 周报', '周报 · ', 'Weekly report'],
  ['/usage', '用量', '没有配置模型', 'No model is configured'],
  ['/test playground:lobby', '测试 playground:lobby', '已向 playground:lobby 发出', 'sent to playground:lobby in'],
  ['/bind severity=info', '绑定 severity=info', '匹配 severity=info 的故障', 'matching severity=info'],
  ['/unbind', '解绑', '没有绑定匹配的故障仍会发到这里', 'no binding takes still come here'],
  ['/runbook disk', '手册 磁盘', '还没有手册', 'There are no runbooks yet'],
  ['/stop', '停止', '现在没有正在写的回答', 'No answer is being written'],
  ['/alert disk full on db-1', '告警 支付超时', '建立 INC-', 'Opened INC-'],
  ['/link Alice', '关联 Alice', 'Alice 的绑定码：', 'Code for Alice:'],
  ['/lang en', '语言 zh', '之后用中文回答你', 'I will answer you in English'],
];

it.each(['zh', 'en'] as const)(
  'every command is understood and carried out: %s',
  async (lang) => {
    const id = await app.alert({ alertname: 'KubePodCrashLooping', severity: 'critical' });
    await eventually(async () => (await app.incident(id)).diagnosis?.status === 'ready');
    // The only one that is open, and it may be left out once it is shown here.
    await room.cardOf(id);
    for (const [slash, chinese, zh, en] of SAID) {
      const text = (lang === 'zh' ? chinese : slash).replace('ID', id);
      const said = await room.say(`@zhiban ${text}`, { as: 'lin', lang });
      const wanted = (lang === 'zh' ? zh : en).replace('ID', id);
      await hears(room, said, wanted).catch(() => undefined);
      expect(`${text}: ${await room.thread(said)}`).toContain(wanted);
    }
    const heard = new Set(SAID.map(([slash, chinese]) => (lang === 'zh' ? chinese : slash).split(/[\s\d]/u)[0]));
    const spoken = OPERATIONS.flatMap(({ chat }) => (chat ? [lang === 'zh' ? chat.chinese : `/${chat.slash}`] : []));
    expect(spoken.filter((word) => !heard.has(word))).toEqual([]);
  },
  120_000,
);
