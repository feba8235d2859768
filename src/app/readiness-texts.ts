import type { Locale } from '../types.ts';

export interface ReadinessTexts {
  readonly storage: (engine: string) => string;
  readonly storageBad: (reason: string) => string;
  readonly targets: string;
  readonly targetsDead: (names: string) => string;
  readonly channelsMissing: (names: string) => string;
  readonly routing: string;
  readonly routingMissing: (channels: string) => string;
  readonly approval: (names: string) => string;
  readonly models: (names: string) => string;
  readonly modelPaused: (name: string, fault: string, until: string) => string;
  readonly modelsPaused: (paused: string) => string;
  readonly lark: {
    readonly connected: string;
    readonly webhook: string;
    readonly starting: string;
    readonly refused: (reason: string) => string;
    readonly disconnected: (since: string) => string;
    /** `names`: targets without another way. */
    readonly spent: (until: string, names: string) => string;
  };
}

/** Why a part is well or not, and what mends it. */
export const READINESS_TEXTS: Readonly<Record<Locale, ReadinessTexts>> = {
  'zh-CN': {
    storage: (engine) => `${engine} 可写`,
    storageBad: (reason) => `无法写入：${reason}；告警一律回答 503，发送方会重试`,
    targets: '全部可达',
    targetsDead: (names) => `不可达：${names}；运行 zhiban deliveries --failed 查看`,
    channelsMissing: (names) =>
      `故障会发到这些目标，但它们的渠道没有配置：${names}；配置该渠道，或改 DEFAULT_TARGET 和绑定`,
    routing: '每个已配置的渠道都有故障送达',
    routingMissing: (channels) => `没有故障会发到 ${channels}：在那里的群里说“@zhiban /bind”，或设置 DEFAULT_TARGET`,
    approval: (names) => `等待批准：${names}；请管理员在卡片上点“批准”，或在群里说“@zhiban /bind”`,
    models: (names) => `依次询问：${names}`,
    modelPaused: (name, fault, until) => `${name}（${fault}）至 ${until}`,
    modelsPaused: (paused) => `暂停使用：${paused}；在此之前由其他模型或规则诊断，请运行 zhiban doctor models 查看`,
    lark: {
      connected: '长连接已建立',
      webhook: '由平台回调 /lark/event 和 /lark/card/action',
      starting: '正在向平台确认机器人的身份',
      refused: (reason) => `平台没有正常响应：${reason}；请运行 zhiban doctor lark 查看`,
      disconnected: (since) => `自 ${since} 起没有长连接：收不到按钮点击和命令；请运行 zhiban doctor lark 查看`,
      spent: (until, names) =>
        `本月的 API 调用次数已用完（99991403），在 ${until} 之前由各群的自定义机器人代发${names === '' ? '' : `；没有设置 fallback、收不到消息的目标：${names}`}`,
    },
  },
  'en-US': {
    storage: (engine) => `${engine} takes writes`,
    storageBad: (reason) => `refuses writes: ${reason}; alerts are answered 503, which their senders retry`,
    targets: 'all reachable',
    targetsDead: (names) => `dead: ${names}; see "zhiban deliveries --failed"`,
    channelsMissing: (names) =>
      `incidents go to targets of a channel that is not configured: ${names}; configure it, or change DEFAULT_TARGET or the binding`,
    routing: 'every configured channel is reached',
    routingMissing: (channels) =>
      `nothing routes to ${channels}: say "@zhiban /bind" in a chat there, or set DEFAULT_TARGET`,
    approval: (names) =>
      `waiting for approval: ${names}; an admin presses Approve on the card, or says "@zhiban /bind" there`,
    models: (names) => `asked in this order: ${names}`,
    modelPaused: (name, fault, until) => `${name} (${fault}) until ${until}`,
    modelsPaused: (paused) =>
      `left alone: ${paused}; until then other models or the rules diagnose; see "zhiban doctor models"`,
    lark: {
      connected: 'the long connection is up',
      webhook: 'the platform calls /lark/event and /lark/card/action',
      starting: 'asking the platform who we are',
      refused: (reason) => `the platform does not answer as it should: ${reason}; see "zhiban doctor lark"`,
      disconnected: (since) =>
        `no long connection since ${since}: presses and commands do not arrive; see "zhiban doctor lark"`,
      spent: (until, names) =>
        `the month's API calls are used up (99991403); until ${until} custom bots speak for the app${names === '' ? '' : `; without a fallback, so told nothing: ${names}`}`,
    },
  },
};
