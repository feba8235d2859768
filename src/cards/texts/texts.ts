import type { Locale } from '../../types.ts';
import { enUS } from './en-us.ts';
import { type Texts, zhCN } from './zh-cn.ts';

const TABLES: Readonly<Record<Locale, Texts>> = { 'zh-CN': zhCN, 'en-US': enUS };

/** The table of one language. */
export const texts = (locale: Locale): Texts => TABLES[locale];
