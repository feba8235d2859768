import { editDistance } from '../operations/edit-distance.ts';
import type { ChatFace, Operation } from '../operations/operation.ts';

export interface Spoken extends Operation<unknown> {
  readonly chat: ChatFace;
}

/** What a message says to us. */
export type Reading =
  | { readonly kind: 'command'; readonly operation: Spoken; readonly rest: string }
  /** Looks like a command and is none of ours. */
  | { readonly kind: 'unknown'; readonly word: string; readonly near: readonly string[] }
  /** Said to us, in no command's words. */
  | { readonly kind: 'words'; readonly text: string; readonly near: readonly string[] }
  /** Said to others. */
  | { readonly kind: 'nothing' };

const ID = String.raw`(?:[#＃]?[\d０-９]|INC-)`;
const MOST_NEAR = 3;

/**
 * Reads commands out of messages: `/ack 3`, `／ack ３`, `/ack@zhiban 3`, `认领 3`, `认领3`. Said to us, everything is
 * ours; overheard, only a known `/cmd`, or a Chinese command that can mean nothing else (the word alone, or with an id).
 */
export function createReader(operations: readonly Operation<unknown>[]) {
  const spoken = operations.filter((operation): operation is Spoken => operation.chat !== undefined);
  const bySlash = new Map(spoken.map((operation) => [operation.chat.slash, operation]));
  // Longest first: 静默列表 before 静默.
  const byWord = spoken.toSorted((a, b) => b.chat.chinese.length - a.chat.chinese.length);

  return (message: string, addressed: boolean): Reading => {
    const text = message.trim();
    const slash = /^[/／]\s?(\S+)(?:\s+([\s\S]*))?$/u.exec(text);
    if (slash) return slashed(slash[1] ?? '', slash[2] ?? '', addressed);
    const operation = byWord.find(({ chat }) => said(chat, text, addressed));
    if (operation) return { kind: 'command', operation, rest: text.slice(operation.chat.chinese.length).trim() };
    if (!addressed) return { kind: 'nothing' };
    return text === '' ? helpOr(text) : { kind: 'words', text, near: near(text) };
  };

  function slashed(name: string, rest: string, addressed: boolean): Reading {
    const word = name.normalize('NFKC').replace(/@.*$/u, '').toLowerCase();
    const operation = bySlash.get(word) ?? spoken.find(({ chat }) => chat.chinese === word);
    if (operation) return { kind: 'command', operation, rest: rest.trim() };
    const glued = spoken.find(({ chat }) => new RegExp(`^${chat.chinese}${ID}`, 'iu').test(word));
    if (glued) {
      return { kind: 'command', operation: glued, rest: `${word.slice(glued.chat.chinese.length)} ${rest}`.trim() };
    }
    return addressed ? { kind: 'unknown', word: `/${word.slice(0, 40)}`, near: near(word) } : { kind: 'nothing' };
  }

  /** Being called by name alone is a call for help. */
  function helpOr(text: string): Reading {
    const help = bySlash.get('help');
    return help ? { kind: 'command', operation: help, rest: '' } : { kind: 'words', text, near: [] };
  }

  function near(text: string): readonly string[] {
    const first = (text.split(/\s/u)[0] ?? '').toLowerCase().replace(/^\//u, '').slice(0, 40);
    return spoken
      .map(({ chat }) => ({ slash: `/${chat.slash}`, distance: distanceOf(chat, first, text) }))
      .filter(({ distance }) => distance <= 2)
      .toSorted((a, b) => a.distance - b.distance)
      .slice(0, MOST_NEAR)
      .map(({ slash }) => slash);
  }
}

/** Whether a text begins with this Chinese command. */
function said({ chinese, takes }: ChatFace, text: string, addressed: boolean): boolean {
  if (!text.startsWith(chinese)) return false;
  const rest = text.slice(chinese.length);
  if (new RegExp(`^\\s?${ID}`, 'iu').test(rest) && takes !== 'nothing') return true;
  if (addressed) return rest === '' || /^[\s:：,，@＠]/u.test(rest);
  return rest === '' && takes === 'nothing';
}

function distanceOf({ slash, chinese }: ChatFace, first: string, text: string): number {
  if (text.includes(chinese)) return 0;
  // A third of a short word is already another word.
  const allowed = Math.min(2, Math.floor(Math.max(slash.length, 3) / 3));
  const distance = first.startsWith(slash.slice(0, 3)) && first.length <= 4 ? 1 : editDistance(first, slash);
  return distance <= allowed ? distance : Infinity;
}
