import type { Json } from '../lark/answer.ts';
import type { World } from '../lark/world.ts';
import { isJson } from '../lark/answer.ts';
import type { Words } from './texts.ts';

/** For whom something is drawn, and what was met while it was. */
export interface View {
  readonly world: World;
  /** The open id of who looks. */
  readonly me: string;
  /** Whose translations of a card are read: `zh_cn` or `en_us`. */
  readonly locale: 'zh_cn' | 'en_us';
  readonly timezone: string;
  readonly words: Words;
  /** What can be pressed, chosen or typed into, in the order drawn. */
  readonly components: Json[];
}

export function nameOf({ world, words }: View, openId: string): string {
  if (openId === 'app' || openId === world.app.openId) return words.bot;
  if (openId === 'hook') return words.hook;
  if (openId === 'all') return words.everybody;
  return world.users.get(openId)?.name ?? openId;
}

/** Notes a component that can be used; what is sent when it is used names it by this number. */
export const numberOf = (view: View, component: Json): number => view.components.push(component) - 1;

export const textIn = (value: unknown, name: string): string | undefined => {
  const text = isJson(value) ? value[name] : undefined;
  return typeof text === 'string' ? text : undefined;
};

/** A text or a number, as it reads. */
export const wordIn = (value: unknown, name: string): string => {
  const word = isJson(value) ? value[name] : undefined;
  return typeof word === 'string' || typeof word === 'number' ? String(word) : '';
};

export const listIn = (value: unknown, name: string): readonly unknown[] => {
  const list = isJson(value) ? value[name] : undefined;
  return Array.isArray(list) ? list : [];
};

/** A text of the card in the language of who looks, where it has one. */
export function contentOf(view: View, text: unknown): string {
  const translations = isJson(text) ? text['i18n_content'] : undefined;
  return textIn(translations, view.locale) ?? textIn(text, 'content') ?? '';
}

export const timeOf = ({ timezone }: View, at: number, seconds = false): string =>
  new Date(at).toLocaleTimeString('en-GB', {
    timeZone: timezone,
    hour: '2-digit',
    minute: '2-digit',
    ...(seconds && { second: '2-digit' }),
  });
