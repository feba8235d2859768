/** What a message for logs must never hold. */
export interface Confidential {
  /** Keys and passwords, whole. */
  readonly secrets: readonly string[];
  /** Everything we said to the model, in any order. */
  readonly prompt: readonly string[];
}

/** A server's own words for a log line: at most 160 characters, no markup, no secret, nothing that echoes the prompt. */
export function excerptOf(said: string, { secrets, prompt }: Confidential): string {
  const told = secrets
    .filter((secret) => secret.length > 3)
    .reduce((text, secret) => text.replaceAll(secret, '***'), said.slice(0, MOST_READ));
  const line = flat(/^\s*</.test(told) ? titleOf(told) : told).slice(0, MOST_SHOWN);
  const echo = echoAt(line, prompt.map(flat));
  return echo === -1 ? line : `${line.slice(0, echo)}…`;
}

const MOST_READ = 4_000;
const MOST_SHOWN = 160;
/** As long as this, equal text is no coincidence. */
const ECHO = 16;

/** Where the line begins to say what the prompt says, or -1. */
function echoAt(line: string, prompt: readonly string[]): number {
  for (let start = 0; start + ECHO <= line.length; start += 1) {
    const piece = line.slice(start, start + ECHO);
    if (prompt.some((text) => text.includes(piece))) return start;
  }
  return -1;
}

const titleOf = (html: string): string => /<title[^>]{0,200}>([^<]{0,200})/i.exec(html)?.[1] ?? 'a page of HTML';

/** On one line, without what a terminal would obey. */
const flat = (text: string): string => text.replace(/[\s\p{Cc}\p{Cf}]+/gu, ' ').trim();
