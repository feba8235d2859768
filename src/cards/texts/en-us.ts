import { card } from './en-us/card.ts';
import { pages } from './en-us/pages.ts';
import { paging } from './en-us/paging.ts';
import { timeline } from './en-us/timeline.ts';
import { words } from './en-us/words.ts';
import type { Texts } from './zh-cn.ts';

/** Every text a person reads, in English. */
export const enUS: Texts = { ...words, card, timeline, paging, ...pages };
