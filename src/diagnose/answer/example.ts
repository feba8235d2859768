import type { Locale } from '../../types.ts';
import type { Answer } from './schema.ts';

/** A short answer of the right form for prompts, about something that no real evidence speaks of. */
export const exampleAnswer = (locale: Locale): Answer => EXAMPLES[locale];

/** Weak models hand the example back as their own: it is no diagnosis. */
export const isExample = (summary: string): boolean =>
  Object.values(EXAMPLES).some((example) => example.summary === summary.trim());

const EXAMPLES: Readonly<Record<Locale, Answer>> = {
  'zh-CN': {
    summary: 'teapot-0 的茶叶仓在 07:40 空了，之后每次泡茶都失败。',
    causes: [{ statement: 'teapot-0 的茶叶仓已空', confidence: 0.8, evidence_ids: ['E2', 'E5'] }],
    steps: [{ text: '查看茶叶仓的存量曲线', risk: 'safe', runbook: null }],
    severity: null,
    inconclusive: false,
    not_an_issue: false,
  },
  'en-US': {
    summary: 'The leaf hopper of teapot-0 ran empty at 07:40; every brew failed after that.',
    causes: [{ statement: 'The leaf hopper of teapot-0 is empty', confidence: 0.8, evidence_ids: ['E2', 'E5'] }],
    steps: [{ text: 'Look at the curve of how full the hopper is', risk: 'safe', runbook: null }],
    severity: null,
    inconclusive: false,
    not_an_issue: false,
  },
};
