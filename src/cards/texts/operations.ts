import type { Locale } from '../../types.ts';
import { operationsEnUS } from './operations-en-us.ts';
import { type OperationTexts, operationsZhCN } from './operations-zh-cn.ts';

const TABLES: Readonly<Record<Locale, OperationTexts>> = { 'zh-CN': operationsZhCN, 'en-US': operationsEnUS };

/** What operations answer, in one language. */
export const operationTexts = (locale: Locale): OperationTexts => TABLES[locale];
