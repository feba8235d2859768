/** What the commands about Lark say, in Chinese; its shape is what every other language must have. */
export const larkZhCN = {
  stopped: '已中止',
  summary: (bad: number) => `${bad} 处需要处理。`,
  config: {
    noApp: '没有设置 LARK_APP_ID 和 LARK_APP_SECRET：请在开发者后台创建应用，从“凭证与基础信息”页复制',
    app: (id: string, domain: string) => `配置：应用 ${id}，平台 ${domain}`,
    mode: {
      websocket: '接收方式：长连接，不需要公网地址',
      webhook: (url: string) => `接收方式：平台回调 ${url}/lark/event 和 ${url}/lark/card/action`,
    },
    served: '已设置 LARK_ENCRYPT_KEY 或 LARK_VERIFICATION_TOKEN：两个回调地址也会提供服务',
    noKey: '没有设置 LARK_ENCRYPT_KEY：事件以明文送达，只能靠 Token 证明来源；建议在“事件与回调 > 加密策略”页设置',
    keys: '密钥：LARK_ENCRYPT_KEY 和 LARK_VERIFICATION_TOKEN 都已设置',
    notPublic: (url: string) => `平台无法访问 ${url}：把 PUBLIC_URL 设为公网地址，或使用 LARK_MODE=websocket`,
  },
  token: {
    ok: '凭证：平台接受 App ID 和 App Secret',
    refused: (reason: string, other: string) =>
      `凭证被拒绝：${reason}；请重新复制 LARK_APP_ID 和 LARK_APP_SECRET，确认应用已启用${other}`,
    otherCloud: (domain: string) => `；如果应用属于另一个平台，请设置 LARK_DOMAIN=${domain}`,
    unreachable: (domain: string, reason: string) =>
      `${domain} 没有响应：${reason}；请检查网络、DNS 和代理（HTTPS_PROXY）`,
  },
  bot: {
    ok: (name: string, id: string) => `机器人：${name}（${id}）`,
    off: (link: string) => `机器人能力没有开启：请在“添加应用能力”页添加“机器人”，再发布版本：${link}`,
    inactive: (status: number) =>
      `机器人在本企业没有启用（activate_status ${status}）：请发布版本，并让管理员在管理后台启用`,
    failed: (reason: string) => `无法获取机器人信息：${reason}`,
  },
  scopes: {
    granted: (scope: string, title: string) => `权限 ${scope}（${title}）`,
    missing: (scope: string, title: string, use: string, link: string) =>
      `缺少权限 ${scope}（${title}）：${use}；请在“权限管理”页开通并发布版本：${link}`,
    waiting: (scope: string, title: string, use: string, link: string) =>
      `权限 ${scope}（${title}）已申请但未获批准：${use}；请管理员批准，或重新发布版本：${link}`,
    refused: (what: string, scopes: string, link: string) =>
      `${what}被拒绝，缺少权限（其中之一即可）：${scopes}；请在“权限管理”页开通并发布版本：${link}`,
    unknown: (reason: string) => `平台没有给出权限列表（${reason}）；以下只能从调用的结果判断，请在“权限管理”页核对`,
    uses: {
      send: '缺少它就发不出卡片和消息',
      hearGroup: '缺少它就收不到群里 @机器人 的命令',
      hearDirect: '缺少它就收不到单聊消息',
      chats: '缺少它就不知道机器人在哪些群，收不到进群、退群事件，成员也只能显示为 ID',
      reactions: '缺少它，卡片上的表情就不起作用',
      hearBots: '缺少它就收不到其他机器人 @ 本机器人发来的告警（ALERT_BOT_IDS）',
      app: '缺少它就不能应用内加急（LARK_URGENT_STEPS=app）',
      sms: '缺少它就不能短信加急（LARK_URGENT_STEPS=sms）',
      phone: '缺少它就不能电话加急（LARK_URGENT_STEPS=phone）',
    },
  },
  events: '平台不提供已订阅事件的查询，请在“事件与回调”页核对：',
  connection: {
    server: (port: number) => `${port} 端口上的服务已经建立长连接；这里不再另建，否则会分走它的一部分事件`,
    serverDown: (port: number, reason: string) => `${port} 端口上的服务没有长连接：${reason}`,
    ok: '长连接：可以建立，已随即关闭；这期间的事件平台会重发',
    shared: '同一应用的几条长连接会分摊事件：每个环境请用各自的应用，不要在别处使用这组凭证',
    failed: (reason: string) => `长连接无法建立：${reason}；请检查是否允许对外的 WebSocket（wss）`,
    timeout: (seconds: number) => `${seconds} 秒内没有连上`,
    door: {
      ok: '长连接入口：平台给出了连接地址',
      otherCloud: (domain: string) => `长连接入口：应用属于另一个平台；请设置 LARK_DOMAIN=${domain}`,
      badApp: (reason: string) => `长连接入口不认识这个应用：${reason}；请核对 LARK_APP_ID`,
      badSecret: (reason: string) => `长连接入口拒绝了凭证：${reason}；请核对 LARK_APP_SECRET`,
      tooMany: '长连接入口：这个应用的连接太多（平台最多 50 条）；请关闭其他使用同一应用的程序',
      busy: (reason: string) => `长连接入口暂时繁忙：${reason}；请稍后再试`,
      refused: (reason: string) =>
        `长连接入口拒绝：${reason}；请在“事件与回调”页把订阅方式设为“使用长连接接收事件/回调”，并发布版本`,
    },
  },
  address: {
    ok: (url: string, ms: number) => `${url}：challenge 校验通过，用时 ${ms} 毫秒`,
    slow: (url: string, ms: number) => `${url}：challenge 校验通过，但用了 ${ms} 毫秒；平台只等 1 秒`,
    unreachable: (url: string) => `${url} 没有响应：服务是否在运行，PUBLIC_URL 是否正确？`,
    refused: (url: string, status: number) =>
      `${url} 返回 ${status}：运行中的服务与这里的 LARK_ENCRYPT_KEY、LARK_VERIFICATION_TOKEN 不同`,
    missing: (url: string, status: number) =>
      `${url} 返回 ${status}：运行中的服务没有这两个密钥，或者反向代理没有转发这个路径`,
    redirect: (url: string, status: number) => `${url} 返回 ${status}：平台不跟随重定向，请填写最终地址`,
    wrong: (url: string, status: number) => `${url} 返回 ${status}，但没有带回 challenge：那里运行的不是值班`,
    outside: '这次检查从本机发出，不能证明平台从公网也能访问',
  },
  chats: {
    failed: (reason: string) => `无法获取机器人所在的群：${reason}`,
    listing: '获取机器人所在的群',
    none: '机器人不在任何群里：请打开群设置 > 群机器人 > 添加机器人',
    bound: (name: string, id: string) => `群 ${name}（${id}）：接收故障`,
    default: (name: string, id: string) => `群 ${name}（${id}）：DEFAULT_TARGET，接收其余故障`,
    pending: (name: string, id: string) =>
      `群 ${name}（${id}）等待批准：请管理员在卡片上点“批准”，或在群里说“@机器人 /bind”`,
    unbound: (name: string, id: string) => `群 ${name}（${id}）：已批准，但没有故障发到这里；请在群里说“@机器人 /bind”`,
    disabled: (name: string, id: string) => `群 ${name}（${id}）：目标已停用`,
    unknown: (name: string, id: string) => `群 ${name}（${id}）：还没有登记，服务启动后会在群里询问`,
    gone: (name: string, id: string) => `目标 ${name}（${id}）：机器人不在这个群里；请把它加回去，或删除这个目标`,
    routed: '至少有一个飞书目标接收故障',
    unrouted: '没有故障会发到飞书：请在群里说“@机器人 /bind”，或设置 DEFAULT_TARGET=lark:oc_…',
    members: (name: string, count: number) => `群 ${name} 的成员：${count} 人，以名字显示`,
    listingMembers: '获取群成员',
    membersFailed: (reason: string) => `无法获取群成员：${reason}；人员只能显示为 ID`,
  },
  press: {
    badChat: (id: string) => `${id} 不是群 ID：群 ID 以 oc_ 开头`,
    sendNeedsChat: '--send 要和 --chat oc_… 一起用',
    inChat: (name: string, id: string) => `机器人在群 ${name}（${id}）里；加上 --send 会发一张带按钮的测试卡片`,
    notInChat: (id: string) => `机器人不在群 ${id} 里：请打开群设置 > 群机器人 > 添加机器人`,
    sent: (id: string, seconds: number) => `测试卡片已发出（${id}）：请在 ${seconds} 秒内点它的按钮`,
    sendFailed: (reason: string) => `测试卡片没有发出：${reason}`,
    holding: '等待期间事件由这里接收；除了对其他卡片的点击，平台都会重发',
    watching: '等待期间由运行中的服务接收点击',
    arrived: (person: string) =>
      `点击已收到，来自 ${person}；登记为管理员：npx zhiban operators add 名字 --role admin --id ${person}`,
    none: (seconds: number) =>
      `${seconds} 秒内没有收到点击；如果已经点过：请在“事件与回调 > 回调配置”添加“卡片回传交互”（card.action.trigger），再发布版本`,
    card: {
      title: '测试卡片',
      text: '由 zhiban doctor lark 发出，请点一下按钮。',
      button: '我看到了',
      thanks: '已收到你的点击',
      later: '正在检查，请一分钟后再点',
    },
  },
  usage: {
    now: (month: string, calls: number, allowance: number | undefined) =>
      allowance === undefined ? `${month}：${calls} 次调用` : `${month}：${calls} 次调用，额度 ${allowance} 次`,
    noAllowance: '没有设置 LARK_MONTHLY_CALLS，不会节省调用（免费版企业每月 10000 次）',
    standing: {
      plenty: '余量充足',
      low: '余量不到十分之一：只更新看得见的变化',
      spent: '额度已用完',
    },
    refused: '平台返回：本月额度已用完（99991403）',
    head: ['月份', '调用'],
  },
};

export type LarkTexts = typeof larkZhCN;
