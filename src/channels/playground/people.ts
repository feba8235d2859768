import type { Locale } from '../../types.ts';
import type { Author } from './ports.ts';

/** Somebody whom a visitor of the page can be; `role` is the right the operators table gives at first. */
export interface Person extends Author {
  readonly role: 'admin' | 'responder' | 'reader';
}

/**
 * The people the playground begins with, by the language of the server: everybody on one machine, so that two windows are
 * two colleagues.
 */
export const PEOPLE: Readonly<Record<Locale, readonly Person[]>> = {
  'zh-CN': [
    { id: 'lin', name: '林岚', role: 'admin' },
    { id: 'chen', name: '陈默', role: 'responder' },
    { id: 'alice', name: 'Alice', role: 'responder' },
    { id: 'guest', name: '访客', role: 'reader' },
  ],
  'en-US': [
    { id: 'lin', name: 'Lin', role: 'admin' },
    { id: 'chen', name: 'Chen', role: 'responder' },
    { id: 'alice', name: 'Alice', role: 'responder' },
    { id: 'guest', name: 'Guest', role: 'reader' },
  ],
};

/** The bot as an author, and the names it answers to. */
export const BOT: Author = { id: 'zhiban', name: '值班 Zhiban' };
export const BOT_NAMES: readonly string[] = ['zhiban', '值班'];
