import type { Locale } from '../../types.ts';

/** What a model's answer is shown with. */
export interface AnswerTexts {
  readonly looking: string;
  readonly asking: (what: string) => string;
  readonly writing: string;
  readonly stopped: (name: string) => string;
  readonly nothingYet: string;
  readonly basedOn: (n: number) => string;
  readonly by: (provider: string) => string;
  readonly none: Readonly<Record<NoAnswer, string>>;
  readonly gaveUp: string;
  readonly needsModel: string;
  readonly stopping: (n: number) => string;
  readonly nothingToStop: string;
  readonly notYours: string;
  readonly tools: Readonly<Record<string, string>>;
  readonly otherTool: string;
}

export type NoAnswer = 'failed' | 'timeout' | 'breaker_open' | 'busy' | 'budget' | 'quota' | 'storm' | 'unstructured';

const failedZh = '模型没有给出回答，请稍后再问。/incidents 和 /runbook 不需要模型';
const failedEn = 'No model answered; ask again later. /incidents and /runbook need no model';

const zhCN: AnswerTexts = {
  looking: '正在查看…',
  asking: (what) => `正在查：${what}`,
  writing: '正在写… 发送 /stop 可停止',
  stopped: (name) => `已由 ${name} 停止`,
  nothingYet: '停止时还没有写出内容',
  basedOn: (n) => `依据 ${n} 条证据`,
  by: (provider) => `由 ${provider} 生成，请核实后再操作`,
  none: {
    failed: failedZh,
    timeout: '模型没有及时回答，请稍后再问。/incidents 和 /runbook 不需要模型',
    breaker_open: '模型最近连续失败，暂停使用中，请稍后再问',
    busy: '模型正忙，请稍后再问',
    budget: '今天的模型预算已用完，明天再问；/usage 可查看',
    quota: '模型的配额已用完，/usage 可查看何时恢复',
    storm: failedZh,
    unstructured: failedZh,
  },
  gaveUp: '多次尝试都没能写完这个回答，请再问一次',
  needsModel: '（随意提问需要先配置模型：OPENAI_BASE_URL、OLLAMA_BASE_URL 或 DIFY_BASE_URL）',
  stopping: (n) => (n === 1 ? '已停止这个回答' : `已停止 ${n} 个回答`),
  nothingToStop: '现在没有正在写的回答',
  notYours: '只有提问的人、处理人或管理员可以停止这个回答',
  tools: {
    list_incidents: '故障列表',
    read_incident: '故障详情',
    search_past_incidents: '过去的故障',
    recent_changes: '变更',
    search_runbooks: '手册',
    query_metrics: '指标',
    search_logs: '日志',
    look_at_kubernetes: 'Kubernetes',
    firing_alerts: '正在触发的告警',
  },
  otherTool: '外部工具',
};

const enUS: AnswerTexts = {
  looking: 'Looking…',
  asking: (what) => `Looking at: ${what}`,
  writing: 'Writing… /stop ends it',
  stopped: (name) => `Stopped by ${name}`,
  nothingYet: 'Nothing was written yet',
  basedOn: (n) => (n === 1 ? 'Based on 1 item of evidence' : `Based on ${n} items of evidence`),
  by: (provider) => `Written by ${provider}; check before you act`,
  none: {
    failed: failedEn,
    timeout: 'No model answered in time; ask again later. /incidents and /runbook need no model',
    breaker_open: 'The models failed several times in a row and are paused; ask again later',
    busy: 'The models are busy; ask again shortly',
    budget: 'Today’s budget for models is used up; ask again tomorrow, or see /usage',
    quota: 'The quota for models is used up; /usage says when it renews',
    storm: failedEn,
    unstructured: failedEn,
  },
  gaveUp: 'Several tries did not get this answer written; please ask again',
  needsModel: '(Free questions need a model: OPENAI_BASE_URL, OLLAMA_BASE_URL or DIFY_BASE_URL.)',
  stopping: (n) => (n === 1 ? 'The answer is stopped' : `${n} answers are stopped`),
  nothingToStop: 'No answer is being written',
  notYours: 'Only who asked, a responder or an admin can stop this answer',
  tools: {
    list_incidents: 'incidents',
    read_incident: 'an incident',
    search_past_incidents: 'past incidents',
    recent_changes: 'changes',
    search_runbooks: 'runbooks',
    query_metrics: 'metrics',
    search_logs: 'logs',
    look_at_kubernetes: 'Kubernetes',
    firing_alerts: 'firing alerts',
  },
  otherTool: 'an external tool',
};

export const answerTexts = (locale: Locale): AnswerTexts => (locale === 'zh-CN' ? zhCN : enUS);
