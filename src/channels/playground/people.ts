import type { Author } from './ports.ts';

/** Somebody whom a visitor of the page can be; `role` is the right the operators table gives at first. */
export interface Person extends Author {
  readonly role: 'admin' | 'responder' | 'reader';
}

/** The people the playground begins with: everybody on one machine, so that two windows are two colleagues. */
export const PEOPLE: readonly Person[] = [
  { id: 'lin', name: '林岚', role: 'admin' },
  { id: 'chen', name: '陈默', role: 'responder' },
  { id: 'alice', name: 'Alice', role: 'responder' },
  { id: 'guest', name: '访客', role: 'reader' },
];

/** The bot as an author, and the names it answers to. */
export const BOT: Author = { id: 'zhiban', name: '值班 Zhiban' };
export const BOT_NAMES: readonly string[] = ['zhiban', '值班'];
