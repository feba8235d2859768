import { isUtf8 } from 'node:buffer';
import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate } from 'node:zlib';
import { emptyLabels } from './text.ts';
import { BadBody, BodyTooLarge, UnsupportedBody } from './refusals.ts';

const UNPACK: ReadonlyMap<string, (packed: Buffer, options: { maxOutputLength: number }) => Promise<Buffer>> = new Map([
  ['gzip', promisify(gunzip)],
  ['x-gzip', promisify(gunzip)],
  ['deflate', promisify(inflate)],
  ['br', promisify(brotliDecompress)],
]);

/**
 * Undoes a Content-Encoding. What comes out may be as large as the body limit and no larger, so a bomb costs no more
 * than an honest body. Rejects with `BodyTooLarge`, `BadBody`, `UnsupportedBody`.
 */
export async function unpack(raw: Buffer, encoding: string, limitBytes: number): Promise<Buffer> {
  const unpacked = UNPACK.get(encoding.trim().toLowerCase());
  if (unpacked === undefined) {
    throw new UnsupportedBody(
      `Content-Encoding "${encoding.slice(0, 40)}" is not supported; send gzip, deflate, br or none.`,
    );
  }
  try {
    return await unpacked(raw, { maxOutputLength: limitBytes });
  } catch (err) {
    if (err instanceof RangeError) throw new BodyTooLarge(limitBytes);
    throw new BadBody(`The body is no valid ${encoding.slice(0, 40)} data.`, { cause: err });
  }
}

/**
 * The value a body holds: JSON under any name, or a form (`payload=<json>`, or fields). Throws `BadBody`,
 * `UnsupportedBody`.
 */
export function decodeBody(raw: Buffer, contentType: string | undefined): unknown {
  const kind = kindOf(contentType);
  if (kind === 'multipart') throw new UnsupportedBody('Multipart forms are not supported; send JSON.');
  if (!isUtf8(raw)) throw new BadBody('The body is not valid UTF-8; send JSON in UTF-8.');
  const text = textOf(raw);
  if (text.trim() === '') throw new BadBody('The body is empty; send JSON.');
  return kind === 'form' ? decodeForm(text) : decodeJson(text, kind);
}

type Kind = 'json' | 'form' | 'multipart' | 'other';

function kindOf(contentType: string | undefined): Kind {
  if (contentType === undefined || contentType === '' || contentType.startsWith('application/json')) return 'json';
  const [type = ''] = contentType.toLowerCase().split(';', 1);
  if (type.startsWith('multipart/')) return 'multipart';
  if (type.trim() === 'application/x-www-form-urlencoded') return 'form';
  return type.startsWith('text/plain') || type.includes('json') ? 'json' : 'other';
}

/** A byte order mark is no part of the text. */
function textOf(raw: Buffer): string {
  const marked = raw[0] === 0xef && raw[1] === 0xbb && raw[2] === 0xbf;
  return raw.toString('utf8', marked ? 3 : 0);
}

function decodeJson(text: string, kind: Kind): unknown {
  refuseBomb(text);
  try {
    return JSON.parse(text);
  } catch (err) {
    if (kind === 'other') {
      throw new UnsupportedBody('This Content-Type is not supported; send application/json.', { cause: err });
    }
    throw new BadBody(`The body is not valid JSON: ${faultOf(err)}`, { cause: err });
  }
}

/** Smaller texts are parsed before they are counted. */
const COUNTED_LENGTH = 256 * 1024;
/** 5,000 alerts of 64 labels are 330,000. */
const MAX_VALUES = 500_000;
const MAX_DEPTH = 1000;

/**
 * Ten megabytes of brackets or commas keep the parser busy for seconds, ten of alerts for 10 ms: they are told apart by
 * counting. Throws `BadBody`.
 */
function refuseBomb(text: string): void {
  if (text.length < COUNTED_LENGTH) return;
  let values = 0;
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    const char = text.charCodeAt(at);
    if (char === QUOTE) at = endOfString(text, at);
    else if (char === COMMA) values += 1;
    else if (char === OPEN_LIST || char === OPEN_OBJECT) {
      values += 1;
      depth += 1;
    } else if (char === CLOSE_LIST || char === CLOSE_OBJECT) depth -= 1;
    if (values > MAX_VALUES) throw new BadBody(`The body holds more than ${MAX_VALUES} values; send smaller bodies.`);
    if (depth > MAX_DEPTH) throw new BadBody(`The body is nested deeper than ${MAX_DEPTH}; no known format is.`);
  }
}

const QUOTE = 0x22;
const COMMA = 0x2c;
const BACKSLASH = 0x5c;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/** Where the string that begins at `start` ends. */
function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  while (end !== -1 && isEscaped(text, end)) end = text.indexOf('"', end + 1);
  return end === -1 ? text.length : end;
}

function isEscaped(text: string, quote: number): boolean {
  let before = quote - 1;
  while (text.charCodeAt(before) === BACKSLASH) before -= 1;
  return (quote - before) % 2 === 0;
}

/** Where it went wrong, without the text around it: that may hold a secret. */
function faultOf(err: unknown): string {
  const position = err instanceof Error ? /position \d+|Unexpected end/.exec(err.message)?.[0] : undefined;
  return position === undefined ? 'it does not parse.' : `${position}.`;
}

const MAX_FIELDS = 1000;

/** Fields of a form; also what `curl -d '{…}'` sends, which calls JSON a form. */
function decodeForm(text: string): unknown {
  if (/^\s*[[{]/.test(text)) {
    refuseBomb(text);
    try {
      return JSON.parse(text);
    } catch {
      // A form may well begin with a bracket.
    }
  }
  const fields = emptyLabels();
  let count = 0;
  for (const [name, value] of new URLSearchParams(text)) {
    if (fields[name] !== undefined) continue;
    if ((count += 1) > MAX_FIELDS) throw new BadBody(`The form has more than ${MAX_FIELDS} fields.`);
    fields[name] = value;
  }
  const { payload } = fields;
  return payload === undefined ? fields : decodeJson(payload, 'form');
}
