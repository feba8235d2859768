import type { LogGroup } from './groups.ts';
import { APART } from './line.ts';
import type { Parts } from './store.ts';
import type { Turns } from './turns.ts';

/** Those fixed parts of a kind of lines that stand in them in their order; the longest four. */
export function partsOf({ templates, samples }: LogGroup): Parts {
  const texts = samples.map(({ text }) => text);
  const parts = common(templates)
    .split('<*>')
    .map((part, at, all) => wholeWords(part, at > 0, at < all.length - 1))
    .flatMap((part) => part.split(APART))
    .map((part) => part.trim())
    .filter((part) => part.length >= 4 && /\p{L}{2}/u.test(part));
  const longest = parts.toSorted((a, b) => b.length - a.length).slice(0, 4);
  const kept: string[] = [];
  for (const part of parts.filter((each) => longest.includes(each)).map((each) => each.slice(0, 120))) {
    if (texts.every((text) => stand([...kept, part], text))) kept.push(part);
  }
  return kept;
}

/** Whether parts that should match one kind of lines match another one too. */
export async function isTooWide(
  group: LogGroup,
  parts: Parts,
  groups: readonly LogGroup[],
  turns: Turns,
): Promise<boolean> {
  for (const other of groups) {
    if (turns.due()) await turns.next();
    if (other !== group && other.samples.some(({ text }) => stand(parts, text))) return true;
  }
  return false;
}

/** Templates of as many words each, as one: `<*>` where they differ. */
function common(templates: readonly string[]): string {
  const [first = [], ...others] = templates.slice(0, 50).map((template) => template.split(' '));
  return first.map((word, at) => (others.every((other) => other[at] === word) ? word : '<*>')).join(' ');
}

/** Without the words that were cut where something varies: stores that know words only would not find those. */
const wholeWords = (part: string, cutBefore: boolean, cutAfter: boolean): string => {
  const begun = cutBefore ? part.replace(/^[\p{L}\p{N}_.:']+/u, '') : part;
  return cutAfter
    ? begun.slice(0, begun.length - (/[\p{L}\p{N}_.:']{1,100}$/u.exec(begun.slice(-100))?.[0].length ?? 0))
    : begun;
};

function stand(parts: Parts, text: string): boolean {
  let from = 0;
  for (const part of parts) {
    const at = text.indexOf(part, from);
    if (at < 0) return false;
    from = at + part.length;
  }
  return parts.length > 0;
}
