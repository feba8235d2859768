const MASK = '<*>';
const [OTHER, LETTER, DIGIT, JOINT, QUOTE] = [0, 1, 2, 3, 4] as const;
const KINDS = kinds();

/**
 * What stays the same in lines of one kind: numbers, times, addresses, ids, hashes and quoted names become `<*>`.
 * Numbers that tell kinds apart (an exit code, an HTTP status) stay. Reads each character once.
 */
export function templateOf(line: string): string {
  let template = '';
  let from = 0;
  while (from < line.length) {
    const kind = kindAt(line, from);
    if (kind === QUOTE) {
      const to = endOfName(line, from);
      template += to === 0 ? line.charAt(from) : MASK;
      from = Math.max(to, from + 1);
      continue;
    }
    const { to, digits } = endOfWord(line, from);
    template += digits ? maskWord(line.slice(from, to), template) : line.slice(from, to);
    from = to;
  }
  return template;
}

function kinds(): Uint8Array {
  const table = new Uint8Array(128);
  for (let code = 0; code < 128; code++) {
    const character = String.fromCharCode(code);
    if (/[A-Za-z]/.test(character)) table[code] = LETTER;
    else if (/\d/.test(character)) table[code] = DIGIT;
    else if (/[-_.:/@+%~\\&?#]/.test(character)) table[code] = JOINT;
    else if (/["'`]/.test(character)) table[code] = QUOTE;
  }
  return table;
}

const kindAt = (line: string, at: number): number => KINDS[line.charCodeAt(at)] ?? OTHER;

/** A run of what belongs to no word, or one word with its joints. */
function endOfWord(line: string, from: number): { readonly to: number; readonly digits: boolean } {
  const outside = kindAt(line, from) === OTHER;
  let digits = false;
  let to = from;
  for (; to < line.length; to++) {
    const kind = kindAt(line, to);
    if (kind === QUOTE || (kind === OTHER) !== outside) break;
    digits ||= kind === DIGIT;
  }
  return { to, digits };
}

/** Behind a quoted single name, or 0: a sentence in quotes tells kinds apart, and so does the name of a setting. */
function endOfName(line: string, from: number): number {
  const quote = line.charAt(from);
  let settings = true;
  for (let to = from + 1; to < line.length && to - from < 200; to++) {
    const character = line.charAt(to);
    if (character === quote) return to === from + 1 || (settings && to > from + 3) ? 0 : to + 1;
    if (character === ' ' || character === '\n') return 0;
    const code = line.charCodeAt(to);
    settings &&= (code >= 65 && code <= 90) || character === '_';
  }
  return 0;
}

/** In `checkout-7d9f8b6c5-x2x4q` the first hash and all behind it vary; `worker-12` and `db3` keep their letters. */
function maskWord(word: string, before: string): string {
  if (/^\d{1,5}$/.test(word) && TELLING.test(before.slice(-24))) return word;
  if (word.length > 400) return MASK;
  let masked = '';
  let hashed = false;
  for (const part of word.replace(UUID, '0').split(/([-_.:/@+%~\\&?#])/)) {
    hashed &&= !/[/:?&@]/.test(part);
    if (hashed) continue;
    const letters = /^[0-9a-f]{6,}$/i.test(part) ? undefined : /^[A-Za-z]{2,}(?=\d{1,4}$)/.exec(part)?.[0];
    const varies = /\d|^[0-9a-f]{8,}$/i.test(part);
    hashed = varies && letters === undefined && part.length >= 5 && /[A-Za-z]/.test(part);
    masked += varies ? (letters ?? '') + MASK : part;
  }
  return masked.replaceAll(/<\*>(?:[-_.:/@+%~\\&?#]?<\*>)+/g, MASK);
}

const UUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi;

const TELLING =
  /(?:code|status|exit|exited|errno|http|http\/<\*>"?|状态码|退出码|错误码)["']?\s?(?:[:=(]|is|with|of|为|是)?\s?$/i;
