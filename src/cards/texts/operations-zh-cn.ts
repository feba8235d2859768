/** What operations answer, in Chinese; its shape is what every other language must have. */
export const operationsZhCN = {
  done: {
    ack: (id: string, name: string) => `${id} 由 ${name} 认领`,
    assign: (id: string, name: string) => `${id} 已指派给 ${name}`,
    note: (id: string) => `已记到 ${id} 的处理经过`,
    examined: '这段内容可能说明',
    diagnose: (id: string) => `正在重新诊断 ${id}，结果会更新到卡片上`,
    confirm: (id: string) => `已确认 ${id} 的诊断，下次类似故障会参考`,
    reject: (id: string) => `已否决 ${id} 的诊断；/diagnose ${id} 可重新诊断`,
    askReason: '下次可以写明理由，例如 /reject 3 不是内存，是上游超时',
    resolve: (id: string) => `${id} 已解决`,
    reopen: (id: string) => `${id} 已重新打开`,
    silence: (id: string, duration: string, until: string) => `${id} 静默 ${duration}，至 ${until}`,
    undo: (command: string) => `撤销：${command}`,
    silenceMatchers: (matchers: string, duration: string, until: string) =>
      `匹配 ${matchers} 的告警静默 ${duration}，至 ${until}`,
    unsilence: (id: string) => `已解除 ${id} 的静默`,
    show: (id: string) => `${id} 的卡片马上出现`,
    test: (name: string, ms: number) => `已向 ${name} 发出测试消息，用时 ${ms} 毫秒`,
    pressTest: '已收到你的点击',
    bind: (matchers: string) => `本群将收到${matchers === '' ? '所有' : `匹配 ${matchers} 的`}故障`,
    unbind: (n: number, isDefault: boolean) =>
      `已解除本群的 ${n} 条绑定，${isDefault ? '但本群是 DEFAULT_TARGET，没有绑定匹配的故障仍会发到这里' : '之后的故障不再发到这里'}`,
    alert: (id: string, created: boolean) => (created ? `已按粘贴的告警建立 ${id}` : `告警已并入 ${id}`),
    alertIgnored: '告警已记下，没有产生新的故障',
    linkCode: (name: string, code: string) =>
      `${name} 的绑定码：${code}，15 分钟内有效，只能用一次。请在另一个账号里发送 /link ${code}`,
    linked: (name: string) => `这个账号已绑定到 ${name}`,
    lang: (chat: boolean): string => (chat ? '本群改用中文' : '之后用中文回答你'),
  },
  refused: {
    notFound: (id: string) => `没有找到 ${id}，用 /incidents 看看有哪些故障`,
    already: {
      acknowledge: (id: string, name: string) => `${id} 已由 ${name} 认领`,
      assign: (id: string, name: string) => `${id} 本来就由 ${name} 负责`,
      resolve: (id: string) => `${id} 已经解决了`,
      reopen: (id: string) => `${id} 本来就没有解决`,
      silence: (id: string) => `${id} 已在静默中`,
      unsilence: (id: string) => `${id} 没有在静默`,
      verdict: (id: string) => `${id} 的诊断已有结论`,
      other: (id: string) => `${id} 已经如此，无需再做`,
    },
    illegal: (id: string, status: string) => `${id} 现在的状态是“${status}”，不能这样操作`,
    changed: (id: string, joined: number) =>
      `你看到卡片之后 ${id} 又${joined > 0 ? `新增了 ${joined} 条告警` : '有了变化'}，请看过最新情况后再按一次“标记解决”`,
    superseded: (id: string, by: string) => `同一问题已有未解决的 ${by}，${id} 不再重开，请到 ${by} 处理`,
    otherDiagnosis: (id: string) => `${id} 已有更新的诊断，请看过新的诊断再判断一次`,
    noDiagnosis: (id: string) => `${id} 还没有诊断，可以发 /diagnose ${id}`,
    forbidden: {
      guest: '这里不是接收告警的群，请管理员在此发送 /bind',
      reader: '需要“成员”权限：请在接收告警的群里操作，或请管理员添加你',
      responder: '需要“处理人”权限，请管理员添加：',
      admin: '需要“管理员”权限，请联系管理员',
    },
    noAdmin: (line: string) => `还没有管理员。请在服务器上执行：${line}`,
    usage: (usage: string, example: string) => `用法：${usage}。例如：${example}`,
    unknownCommand: (word: string, near: readonly string[]) =>
      near.length > 0
        ? `没有“${word}”这个命令。是不是：${near.join('、')}？`
        : `没有“${word}”这个命令，发送 /help 查看全部`,
    notUnderstood: (near: readonly string[]) =>
      near.length > 0 ? `我没听懂。你是想说：${near.join('、')}？` : '我没听懂，发送 /help 看看我会什么',
    noneOpen: '这里没有未解决的故障，请写明编号',
    whichOne: (ids: readonly string[]) => `这里有几个未解决的故障，请写明是哪一个：${ids.join('、')}`,
    badId: (text: string) => `“${text}”不是故障编号；可以写 INC-20261122-003，今天的也可以只写 3 或 #3`,
    badDuration: (text: string) => `“${text}”不是时长；可以写 90s、10m、2h、30d，最长 30d`,
    badMatchers: (text: string) => `“${text}”不是匹配条件；可以写 severity=warning、service=~"pay.*"、env!=prod`,
    matchAll: '这样会静默所有告警，请写得具体一些',
    noSilence: (id: string) => `没有生效中的静默 ${id}，用 /silences 查看`,
    noTarget: (words: string, names: readonly string[]) =>
      `没有“${words}”这个目标${names.length > 0 ? `。现有：${names.join('、')}` : ''}`,
    testFailed: (name: string, detail: string) => `向 ${name} 发送测试消息失败：${detail}`,
    badAddress: (text: string) => `“${text}”不是目标地址；可以写 playground:lobby、lark:oc_…、webhook:https://…`,
    onlyInChat: '这个命令只能在群里使用',
    notBound: '本群没有绑定',
    noAlert: '没有从这段文字里认出告警。可以粘贴告警的 JSON，或写成几行：标题、服务: x、级别: critical',
    noOperator: (name: string) =>
      `没有叫 ${name} 的人。请在服务器上执行：zhiban operators add ${name} --role responder`,
    badCode: '绑定码不对、已用过或已过期，请向管理员要一个新的',
    codeInPublic: (name: string) =>
      `${name} 是管理员，绑定码不能发在群里。请私聊我，或运行 zhiban operators add ${name} --role admin --id 渠道:账号`,
    needCode: '请写上绑定码，例如 /link K7QM-2F9P；绑定码由管理员用 /link 姓名 得到',
    unknownAction: (action: string) => `这个按钮（${action}）已不再使用，请用最新的卡片`,
    unavailable: '暂时做不了，请稍后再试',
    working: '已收到，结果会更新到卡片上',
    noRotations: '这个版本还没有值班表。需要人时，会提醒用 zhiban operators add 添加的处理人和管理员',
  },
  approval: {
    title: '这个群等待批准',
    text: '我已被加入这个群。批准后，新故障的卡片会发到这里；在此之前我只回答问题，不发告警。',
    chat: '群',
    address: '地址',
    approve: '批准，接收所有故障',
    note: '只有管理员的点击有效。只想接收一部分时，请在群里说：@zhiban /bind severity=critical',
    done: (chat: string) => `${chat} 已批准，将接收所有故障`,
    already: (chat: string) => `${chat} 之前已批准；要改变它接收的故障，请在群里说 /bind 或 /unbind`,
  },
  lists: {
    silences: (n: number) => (n === 0 ? '没有生效中的静默' : `生效中的静默：${n}`),
    silence: (id: string, what: string, until: string, by: string, reason: string) =>
      `${id} · ${what} · 至 ${until} · ${by}${reason === '' ? '' : ` · ${reason}`}`,
    incidents: (n: number) => (n === 0 ? '没有这样的故障' : `${n} 个故障`),
    status: (open: number, acknowledged: number) => `未认领 ${open} · 处理中 ${acknowledged}`,
    report: (period: string, opened: number, resolved: number) => `${period}：新增 ${opened}，解决 ${resolved}`,
    daily: '日报',
    weekly: '周报',
    help: '我会做这些',
    why: (id: string) => `${id} 的投递与决定`,
    test: '这是一条测试消息：如果你看到它，说明这里能收到值班的通知。',
    undo: '撤销静默',
    silenceTitle: '静默已生效',
  },
  runbooks: {
    found: (words: string, n: number) => `“${words}”：找到 ${n} 篇手册`,
    none: (words: string, folder: string) =>
      `没有找到关于“${words}”的手册。把 Markdown 文件放进服务器的 ${folder}（RUNBOOKS_DIR）即可，几秒后就能查到`,
    empty: (folder: string) => `还没有手册。把 Markdown 文件放进服务器的 ${folder}（RUNBOOKS_DIR）即可，几秒后就能查到`,
    all: (n: number) => `共 ${n} 篇手册`,
    more: (n: number) => `还有 ${n} 篇`,
    how: '查找：/runbook 关键词，例如 /runbook 磁盘',
  },
};

export type OperationTexts = typeof operationsZhCN;
