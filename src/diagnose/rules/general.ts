import { type RuleStep, text } from './family.ts';

const STEPS: readonly RuleStep[] = [
  { text: text('打开告警带来的图表和手册', 'Open the graph and the runbook that came with the alert'), risk: 'safe' },
  {
    text: text('看开始前一小时内的发布和变更', 'Look at releases and changes in the hour before it began'),
    risk: 'safe',
  },
  {
    text: text('看命名空间里最近的事件', 'Read the latest events of the namespace'),
    risk: 'safe',
    command: 'kubectl -n {namespace} get events --sort-by=.lastTimestamp',
  },
];

/** Words for when no family fits, or when nothing is wrong. */
export const GENERAL = {
  unknown: text(
    '内置规则不认识这类告警，证据不足以判断原因。解决时写下原因，下次类似的故障就能用上。',
    'The built-in rules do not know this kind of alert, and the evidence shows no cause. Note the cause when you resolve it: the next incident like it will show it.',
  ),
  recalled: text(
    '内置规则不认识这类告警，但过去发生过相似的故障。',
    'The built-in rules do not know this kind of alert, but similar incidents happened before.',
  ),
  rejected: text(
    '已知的原因都被否决了，剩下的证据不足以判断。',
    'Every known cause was rejected, and the evidence that is left points to no other.',
  ),
  test: text('这是一条测试告警，说明告警能送到这里。', 'This is a test alert: it shows that alerts arrive here.'),
  heartbeat: text(
    '这是监控心跳，一直在发是正常的；它停下来才是问题。',
    'This is the heartbeat of the monitoring. It is meant to fire all the time; its silence would be the problem.',
  ),
  notice: text(
    '发送方把它标为提示级别，目前不需要处理。',
    'Its sender marks it as information only: nothing to do now.',
  ),
  planned: text(
    '开始时正在进行已公告的工作：{said}。先确认它仍在进行、影响没有超出预期。',
    'Announced work was under way when this began: {said}. Check that it still is, and that it disturbs no more than expected.',
  ),
  recovered: text(
    '条件已不再满足，证据里也没有别的异常：它自己恢复了。',
    'The condition no longer holds, and nothing else in the evidence looks wrong: it recovered by itself.',
  ),
  usual: text(
    '这个值没有异常变化：它在阈值附近，或与前一天同一时段相同，证据里没有别的异常。可以考虑调整阈值。',
    'Nothing unusual: the value only touches its threshold, or was the same at this time yesterday, and nothing else in the evidence looks wrong. The threshold may need a look.',
  ),
  finished: text('任务已成功结束：{said}。', 'The job finished successfully: {said}.'),
  scaled: text(
    '自动伸缩已经处理：{said}，证据里没有别的异常。',
    'The autoscaler has handled it: {said}; nothing else in the evidence looks wrong.',
  ),
  rolled_out: text(
    '这来自一次已顺利完成的发布：{said}，证据里没有别的异常。',
    'This comes from a rollout that finished well: {said}; nothing else in the evidence looks wrong.',
  ),
  rule: text('规则匹配', 'Rule matched'),
  lastTime: text('上次（{id}）是：{cause}', 'Last time ({id}) it was: {cause}'),
  steps: STEPS,
} as const;
