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
 * Markdown as plain lines: marks of emphasis, headings, quotes and pictures go, a link keeps its words alone. Every
 * expression is bounded, for the text may be anybody's.
 */
export const plainText = (markdown: string, most: number): string => {
  const lines = markdown
    .slice(0, most * 3)
    .replaceAll(/!\[[^\]\n]{0,200}\]\([^)\n]{0,500}\)/g, '')
    .replaceAll(/\[([^\]\n]{1,200})\]\([^)\n]{0,500}\)/g, '$1')
    .replaceAll(/<[^<>\n]{1,300}>/g, ' ')
    .split('\n')
    .filter((line) => !/^\s{0,3}(?:`{3,}|~{3,}|[-*_]{3,}\s*$)/.test(line))
    .map((line) =>
      line
        .replace(/^\s{0,8}(?:#{1,6}|>)\s{1,4}/, '')
        .replaceAll(/\*\*|__|`/g, '')
        .trimEnd(),
    );
  const text = lines
    .join('\n')
    .replaceAll(/\n{3,}/g, '\n\n')
    .trim();
  return text.length <= most ? text : `${text.slice(0, most - 1).toWellFormed()}…`;
};
