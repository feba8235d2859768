import type { Locale } from '../../types.ts';
import { usage as enUS } from './en-us/usage.ts';
import { usage as zhCN } from './zh-cn/usage.ts';

export type UsageTexts = typeof zhCN;

const TABLES: Readonly<Record<Locale, UsageTexts>> = { 'zh-CN': zhCN, 'en-US': enUS };

/** What is said of the use of models, in one language. */
export const usageTexts = (locale: Locale): UsageTexts => TABLES[locale];
