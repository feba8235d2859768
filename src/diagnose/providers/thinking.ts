/**
 * An answer, whole or still growing, without the thinking that some models put before it: `<think>…</think>`.
 * While the thinking goes on there is no answer. Linear in the text's length.
 */
export function withoutThinking(text: string): string {
  const start = text.slice(0, LONGEST_LEAD).trimStart();
  const open = OPENERS.find((opener) => start.startsWith(opener) || (start.length > 0 && opener.startsWith(start)));
  if (open === undefined) return text;
  const close = open.replace('<', '</');
  const end = text.indexOf(close);
  return end === -1 ? '' : text.slice(end + close.length).trimStart();
}

const OPENERS = ['<think>', '<thinking>'];
const LONGEST_LEAD = 64;
