import type { Locale } from '../types.ts';

const zhCN = {
  none: '没有配置证据来源：诊断只看告警本身、历史故障、变更和手册；见 docs/diagnosis/evidence.zh-CN.md',
  ok: (name: string, ms: number) => `${name}: 有响应，用时 ${ms} 毫秒`,
  summary: (bad: number) => `${bad} 处需要处理。`,
};

type EvidenceTexts = typeof zhCN;

const enUS: EvidenceTexts = {
  none: 'no source of evidence is configured: diagnoses go by the alerts, past incidents, changes and runbooks alone; see docs/diagnosis/evidence.md',
  ok: (name, ms) => `${name}: answers after ${ms} ms`,
  summary: (bad) => `${bad} ${bad === 1 ? 'thing needs' : 'things need'} attention.`,
};

/** What `zhiban doctor evidence` says besides the words that evidence itself has for failures. */
export const EVIDENCE_TEXTS: Readonly<Record<Locale, EvidenceTexts>> = { 'zh-CN': zhCN, 'en-US': enUS };
