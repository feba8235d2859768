/** Marks that no data can open or close: they carry a nonce, and data is rid of it and of everything mark-like. */
export interface Fence {
  /** Data between marks. Attributes are our own words; `name` is `E3`, `INCIDENT`, … */
  wrap(name: string, attributes: Readonly<Record<string, string>>, body: string): string;
  /** What `wrap` makes of data, for those who must know its size before. Never longer than the data in tokens. */
  defang(text: string): string;
}

/** Throws when the nonce is not 8 to 64 letters and digits: a weak one would be a caller's mistake. */
export function createFence(nonce: string): Fence {
  if (!/^[A-Za-z0-9]{8,64}$/.test(nonce)) throw new Error('a fence needs a nonce of 8 to 64 letters and digits');
  const own = new RegExp(nonce, 'gi');

  const defang = (text: string): string =>
    text
      .replaceAll(own, '·')
      .replaceAll(OPENING, '‹‹‹')
      .replaceAll(CLOSING, '›››')
      .replaceAll(TURNS, (mark) => mark.replaceAll(/[<>[\]]/g, (bracket) => PLAIN[bracket] ?? ''));

  return {
    defang,
    wrap: (name, attributes, body) => {
      const told = Object.entries(attributes).map(([key, value]) => ` ${key}=${wordOf(value)}`);
      return `<<<${wordOf(name)} nonce=${nonce}${told.join('')}>>>\n${defang(body)}\n<<<END ${nonce}>>>`;
    },
  };
}

const OPENING = /[<＜﹤]{3,4096}/g;
const CLOSING = /[>＞﹥]{3,4096}/g;
/** What servers of models may take for the end of a turn, wherever it stands. */
const TURNS =
  /<[|｜][^\s|｜<>]{1,40}[|｜]>|<\/?(?:s|think|thinking|tool_call|tool_response|start_of_turn|end_of_turn|bos|eos)>|\[\/?(?:INST|SYSTEM_PROMPT|AVAILABLE_TOOLS|TOOL_CALLS|TOOL_RESULTS)\]|<<\/?SYS>>/gi;
const PLAIN: Readonly<Record<string, string>> = { '<': '‹', '>': '›', '[': '(', ']': ')' };

/** A mark has room for a word and no more: what is none may be anything. */
const wordOf = (value: string): string => (/^[\w:.-]{1,40}$/.test(value) ? value : '-');
