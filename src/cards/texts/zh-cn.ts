import { card } from './zh-cn/card.ts';
import { pages } from './zh-cn/pages.ts';
import { paging } from './zh-cn/paging.ts';
import { timeline } from './zh-cn/timeline.ts';
import { words } from './zh-cn/words.ts';

/** Every text a person reads, in Chinese; its shape is what every other language must have. */
export const zhCN = { ...words, card, timeline, paging, ...pages };

export type Texts = typeof zhCN;
