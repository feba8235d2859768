/** Words for states and kinds, used wherever one of them is shown. */
export const words = {
  severity: { critical: '严重', warning: '警告', info: '提示' },
  status: { open: '待认领', acknowledged: '处理中', resolved: '已解决' },
  alertStatus: { firing: '触发中', resolved: '已恢复' },
  diagnosisStatus: {
    pending: '诊断中',
    ready: '已诊断',
    inconclusive: '无法判断',
    not_an_issue: '应属正常',
    confirmed: '已确认',
    rejected: '已否决',
    failed: '诊断失败',
  },
  risk: { safe: '安全', careful: '谨慎', dangerous: '危险' },
  linkKind: {
    graph: '图表',
    dashboard: '仪表盘',
    panel: '面板',
    runbook: '手册',
    source: '告警源',
    silence: '静默页',
    image: '截图',
    other: '链接',
  },
  right: { responder: '处理人', admin: '管理员' },
  duration: {
    day: (n: number) => `${n} 天`,
    hour: (n: number) => `${n} 小时`,
    minute: (n: number) => `${n} 分`,
    second: (n: number) => `${n} 秒`,
    between: ' ',
  },
};
