import type { Locale } from '../types.ts';

const zhCN = {
  none: '没有配置模型：诊断只由规则给出；只设了密钥或模型、没有地址（…_BASE_URL）不算；见 docs/diagnosis/models.zh-CN.md',
  order: (names: string) => `询问顺序：${names}，最后是规则`,
  unknown: (name: string) => `LLM_PROVIDERS 里的 ${name} 不存在；zhiban providers list 列出全部`,
  disabled: (name: string) => `${name}：已停用，不会询问`,
  ok: (name: string, ms: number, found: string) =>
    `${name}：有响应，用时 ${ms} 毫秒${found === '' ? '' : `（${found}）`}`,
  problem: (name: string, problem: string) => `${name}：${problem}`,
  plain: (name: string) => `${name}：地址是 http 且不在本机，密钥和提示词会以明文传输；请改用 https`,
  policy: {
    redacted: 'LLM_DATA_POLICY=redacted：密钥、口令和个人信息不会发给模型',
    full: 'LLM_DATA_POLICY=full：密钥和口令不会发给模型，个人信息会',
    metadata_only: 'LLM_DATA_POLICY=metadata_only：不发送摘要、正文和查询语句，机器的名称和地址会替换掉',
  },
  summary: (bad: number) => `${bad} 处需要处理。`,
};

type ModelsTexts = typeof zhCN;

const enUS: ModelsTexts = {
  none: 'no model is configured: the rules diagnose alone; a key or a model without its address (…_BASE_URL) counts for nothing; see docs/diagnosis/models.md',
  order: (names) => `asked in this order: ${names}, and the rules last`,
  unknown: (name) => `LLM_PROVIDERS names ${name}, which does not exist; zhiban providers list names all`,
  disabled: (name) => `${name}: switched off, not asked`,
  ok: (name, ms, found) => `${name}: answers after ${ms} ms${found === '' ? '' : ` (${found})`}`,
  problem: (name, problem) => `${name}: ${problem}`,
  plain: (name) => `${name}: http to another machine: key and prompts travel in the clear; use https`,
  policy: {
    redacted: 'LLM_DATA_POLICY=redacted: no secret and no personal data goes to a model',
    full: 'LLM_DATA_POLICY=full: no secret goes to a model, personal data does',
    metadata_only:
      'LLM_DATA_POLICY=metadata_only: no summary, text or query goes to a model, and names and addresses of machines are replaced',
  },
  summary: (bad) => `${bad} ${bad === 1 ? 'thing needs' : 'things need'} attention.`,
};

/** What `zhiban doctor models` says; the problems that a provider's probe finds are in English. */
export const MODELS_TEXTS: Readonly<Record<Locale, ModelsTexts>> = { 'zh-CN': zhCN, 'en-US': enUS };
