import type { CallToolResult, Tool } from '@modelcontextprotocol/sdk/types.js';
import type { JsonObject } from '../../json.ts';

/** Characters of one result. */
const MOST_TEXT = 12_000;
const MOST_DESCRIPTION = 600;
const MOST_SCHEMA = 8192;

export interface Said {
  readonly text: string;
  /** There was more. */
  readonly cut: boolean;
  /** The tool says that it failed. */
  readonly isError: boolean;
}

/** The texts of a result, one after the other; pictures, sounds and files are left out. */
export function textOf({ content, isError = false }: CallToolResult): Said {
  const parts: string[] = [];
  let left = MOST_TEXT;
  for (const part of content) {
    if (part.type !== 'text' || left <= 0) continue;
    parts.push(printable(part.text.slice(0, left + 1)));
    left -= part.text.length + 1;
  }
  const text = parts.join('\n').trim();
  return { text: text.slice(0, MOST_TEXT).toWellFormed(), cut: left < 0, isError };
}

/** What a server says a tool does, as one paragraph. */
export const describe = ({ title, description = '' }: Tool): string =>
  printable(`${title === undefined ? '' : `${title}: `}${description}`.slice(0, MOST_DESCRIPTION * 2))
    .replaceAll(/\s+/g, ' ')
    .slice(0, MOST_DESCRIPTION)
    .toWellFormed();

/** Its schema of the input, unless it is too long to be told: then any object is taken. */
export const schemaOf = ({ inputSchema }: Tool): JsonObject =>
  JSON.stringify(inputSchema).length > MOST_SCHEMA ? { type: 'object' } : inputSchema;

/** Without colours of terminals, and without what hides or reorders text. */
const printable = (text: string): string =>
  text
    .toWellFormed()
    // oxlint-disable-next-line no-control-regex -- what terminals take for colours
    .replaceAll(/\u001b\[[0-9;]{0,30}[A-Za-z]/g, '')
    .replaceAll(/[^\P{Cc}\n\t]|[\p{Cf}\p{Default_Ignorable_Code_Point}]/gu, '');
