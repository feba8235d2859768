import type { Locale } from '../../../src/types.ts';

export interface Phrase {
  readonly level: 'INFO' | 'WARN' | 'ERROR';
  /** `{word}` one of the scenario's own words, `{n}` a number, `{ms}` some time, `{id}` some id, `{service}` who logs. */
  readonly text: string;
}

const all = (level: Phrase['level'], ...texts: readonly string[]): readonly Phrase[] =>
  texts.map((text) => ({ level, text }));

/** What services log all day long, good days included. */
export const PHRASES: Readonly<Record<Locale, readonly Phrase[]>> = {
  'en-US': [
    ...all(
      'INFO',
      'request {id} handled in {ms} ms status=200',
      'GET /api/{word}/{n} 200 {ms}ms',
      'cache refreshed, {n} entries of {word}',
      'job {word} finished in {ms} ms, {n} rows',
      'health check ok',
      'connection {id} from 10.0.{n} accepted',
      '{word} loaded for tenant {n}',
      'consumer {service} committed offset {n}',
      'scheduled task {word} started',
      'session {id} refreshed for user {n}',
      'published {n} messages to {word}',
      'reloaded settings of {service}, nothing changed',
      'POST /v1/{word} 201 {ms}ms id={id}',
      'gc pause {ms} ms, heap steady',
      'lease of {service} renewed',
    ),
    ...all(
      'WARN',
      'slow call to {word}: {ms} ms',
      'retry 1 of 3 for {word} request {id}',
      '{word} is deprecated, use the new name',
      'queue of {service} holds {n} items',
      'client closed the connection before the answer, id={id}',
      'cache miss for {word} key {id}',
      'rate of {word} near its usual peak: {n}/s',
      'token of user {n} will expire soon',
    ),
    ...all(
      'ERROR',
      'failed to send mail to user {n}: mailbox unavailable',
      '{word}: optional lookup failed, using the default, id={id}',
      'could not parse {word} of request {id}: unexpected end of input',
      'user {n} not found while handling {word}',
      'upload {id} rejected: file type not allowed',
      'timeout after {ms} ms waiting for {word}, will try again',
      'export of {word} failed for tenant {n}: empty selection',
      'invalid signature in callback {id} from a partner',
      'metrics push failed: {word} refused by gateway, dropped {n} samples',
    ),
  ],
  'zh-CN': [
    ...all(
      'INFO',
      '请求 {id} 处理完成 耗时 {ms}ms 状态=200',
      'GET /api/{word}/{n} 200 {ms}ms',
      '{word} 缓存已刷新，共 {n} 条',
      '任务 {word} 执行完成，用时 {ms}ms，处理 {n} 行',
      '健康检查正常',
      '收到来自 10.0.{n} 的连接 {id}',
      '租户 {n} 的 {word} 已加载',
      '消费者 {service} 提交位点 {n}',
      '定时任务 {word} 开始',
      '用户 {n} 的会话 {id} 已续期',
      '向 {word} 投递消息 {n} 条',
      '{service} 配置重新加载，无变化',
      'POST /v1/{word} 201 {ms}ms id={id}',
      '{service} 续租成功',
    ),
    ...all(
      'WARN',
      '调用 {word} 较慢，耗时 {ms}ms',
      '{word} 请求 {id} 第 1 次重试',
      '{word} 已过时，请改用新名称',
      '{service} 队列中有 {n} 条待处理',
      '客户端在应答前断开连接 id={id}',
      '{word} 缓存未命中 key={id}',
      '{word} 流量接近日常高峰：{n}/s',
      '用户 {n} 的令牌即将过期',
    ),
    ...all(
      'ERROR',
      '给用户 {n} 发送邮件失败：邮箱不存在',
      '{word} 可选查询失败，使用默认值 id={id}',
      '请求 {id} 的 {word} 解析失败：内容不完整',
      '处理 {word} 时找不到用户 {n}',
      '上传 {id} 被拒绝：文件类型不支持',
      '等待 {word} 超时 {ms}ms，稍后重试',
      '租户 {n} 导出 {word} 失败：没有数据',
      '合作方回调 {id} 签名错误',
      '指标上报失败：网关拒绝 {word}，丢弃 {n} 个样本',
    ),
  ],
};
