import type { Locale } from '../../types.ts';
import { larkEnUS } from './texts-en-us.ts';
import { type LarkTexts, larkZhCN } from './texts-zh-cn.ts';

/** What the commands about Lark say. */
export const LARK_TEXTS: Readonly<Record<Locale, LarkTexts>> = { 'zh-CN': larkZhCN, 'en-US': larkEnUS };
