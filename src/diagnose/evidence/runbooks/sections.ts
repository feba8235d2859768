import type { Runbook, Section } from './runbook.ts';

/** A section with everything below its heading, smaller headings included. */
export function withSubsections({ sections }: Runbook, section: Section): Section {
  const from = sections.indexOf(section);
  if (from === -1 || section.level === 0) return section;
  const after = sections.slice(from + 1);
  const end = after.findIndex(({ level }) => level <= section.level);
  const below = end === -1 ? after : after.slice(0, end);
  const text = [section.text, ...below.map(({ heading, text: inside }) => `${heading}\n${inside}`)];
  return { ...section, text: text.filter((part) => part.trim() !== '').join('\n\n') };
}

/**
 * Markdown as plain lines: marks of emphasis, headings, quotes and pictures go, a link keeps its words alone; code stays
 * as it is. Every expression is bounded, for the text may be anybody's.
 */
export const plainText = (markdown: string, most: number): string => {
  const text = unwrapped(markdown.slice(0, most * 3).split('\n'))
    .filter(({ line, isCode }) => isCode || !/^\s{0,3}[-*_]{3,}\s*$/.test(line))
    .map(({ line, isCode }) => (isCode ? line : plainLine(line)).trimEnd())
    .join('\n')
    .replaceAll(/\n{3,}/g, '\n\n')
    .trim();
  return text.length <= most ? text : `${text.slice(0, most - 1).toWellFormed()}…`;
};

const plainLine = (line: string): string =>
  line
    .replace(/^\s{0,8}(?:#{1,6}|>)\s{1,4}/, '')
    .replace(/^(\s{0,40}[-*+] )\[[ xX]\] /, '$1')
    .replaceAll(/!\[[^\]]{0,200}\]\([^)]{0,500}\)/g, '')
    .replaceAll(/\[([^\]]{1,200})\]\([^)]{0,500}\)/g, '$1')
    .split(/(`[^`]{1,400}`)/)
    .map((part, at) => (at % 2 === 1 ? part.slice(1, -1) : withoutMarks(part)))
    .join('');

const withoutMarks = (text: string): string =>
  text
    .replaceAll(/<[^<>]{1,300}>/g, ' ')
    .replaceAll(/\*\*|__|`/g, '')
    .replaceAll(/(?<![\w*])\*(?=[^\s*])([^*]{1,200})(?<=\S)\*(?![\w*])/g, '$1');

const FENCE = /^\s{0,8}(?:`{3,}|~{3,})/;
/** What stands on a line of its own: an item, a heading, a quote, a table's row, a rule. */
const OWN_LINE = /^\s{0,40}(?:[-*+•]\s|\d{1,3}[.)、]|#{1,6}\s|>|\||[-*_=]{3,}\s*$)/;
const HEADING = /^\s{0,3}#{1,6}\s|\|\s*$/;

interface Line {
  readonly line: string;
  readonly isCode: boolean;
}

/** Lines that an editor wrapped are one again; those of code stay as they are, and its fences go. */
function unwrapped(lines: readonly string[]): readonly Line[] {
  const whole: Line[] = [];
  let isCode = false;
  let isOpen = false;
  for (const line of lines) {
    const isFence = FENCE.test(line);
    const isText = !isCode && !isFence && line.trim() !== '';
    if (isFence) isCode = !isCode;
    else if (isText && isOpen && !OWN_LINE.test(line)) {
      whole.push({ line: joined(whole.pop()?.line ?? '', line.trim()), isCode });
    } else whole.push({ line, isCode });
    isOpen = isText && !HEADING.test(line) && !/ {2}$/.test(line);
  }
  return whole;
}

/** Chinese takes no space where a line ended. */
const joined = (before: string, after: string): string =>
  /\p{Script=Han}[，。；：、）」]?$/u.test(before) && /^\p{Script=Han}/u.test(after)
    ? before.trimEnd() + after
    : `${before.trimEnd()} ${after}`;
