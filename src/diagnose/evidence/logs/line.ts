import type { EpochMs } from '../../../types.ts';
import { isJsonObject, type JsonObject, parseJson } from '../../json.ts';
import { type Level, levelOfText, levelOfWord, troubled } from './level.ts';

/** One line as a log store gives it. */
export interface LogLine {
  readonly at: EpochMs;
  readonly text: string;
  /** Whose it is, as people say it: `shop/checkout-7d9f-x2x4q`. Lines of one stream are in order. */
  readonly stream: string;
  /** What the store itself says of its level, when it does. */
  readonly level?: string;
}

/** What a line says, whatever form it has. */
export interface Reading {
  /** The message, with the error it carries, on one line. */
  readonly message: string;
  readonly level: Level;
  /** It has words of trouble. */
  readonly troubled: boolean;
}

/** What of a line is read. */
export const MAX_LINE = 4096;

/** Between parts of a message that stand apart in the line. */
export const APART = ' · ';

/** Reads JSON (also within Docker's), logfmt and plain lines. */
export function readLine(text: string, known?: string): Reading {
  const line = text.slice(0, MAX_LINE);
  const { message, level } = line.startsWith('{') ? (readJson(text) ?? plain(line)) : (readLogfmt(line) ?? plain(line));
  const stated = known === undefined || level === 'error' ? level : levelOfWord(known);
  return { message, level: stated === 'unknown' ? level : stated, troubled: troubled(message) };
}

type Said = Omit<Reading, 'troubled'>;

const plain = (line: string): Said => ({ message: withoutHead(line), level: levelOfText(line) });

/** Without the time and the level that a plain line begins with, unless nothing else is left. */
function withoutHead(line: string): string {
  const rest = line.replace(TIME, '').replace(LEVEL, '');
  return rest.trim() === '' ? line : rest;
}

const TIME = /^\[?\d{4}[-/]\d\d[-/]\d\d[T ][\d:.,]{5,18}(?:Z|[+-]\d\d:?\d\d)?\]?\s{1,4}/;
const LEVEL =
  /^(?:[[<|(](?:error|warn|warning|info|debug|fatal|notice)[\]>|)]|(?:ERROR|WARN|WARNING|INFO|DEBUG|FATAL|NOTICE)(?![\w-]))[:\s|-]{0,4}/i;

const MESSAGES = ['message', 'msg', 'log', 'short_message', 'body', 'Body', '@m', 'text', 'event', 'Message'];
const LEVELS = [
  'level',
  'severity',
  'lvl',
  'log.level',
  'levelname',
  'loglevel',
  'log_level',
  'severity_text',
  'SeverityText',
  '@l',
  'Level',
  'severityText',
];
const ERRORS = [
  'error',
  'err',
  'exception',
  'error.message',
  'reason',
  'cause',
  'detail',
  'stack',
  'stack_trace',
  'stacktrace',
];
const CODES = ['status', 'code', 'status_code', 'exit_code'];

function readJson(text: string): Said | undefined {
  const value = parsed(text);
  if (value === undefined) return undefined;
  const message = firstText(value, MESSAGES);
  const inner = message === undefined || !('log' in value) ? undefined : plain(message.trimEnd());
  const stated = levelOfWord(firstText(value, LEVELS) ?? levelIn(value['log']) ?? '');
  const errors = ERRORS.map((name) => wordsOf(value[name])).filter((words) => words !== '' && words !== message);
  const codes = CODES.filter((name) => name in value).map((name) => `${name}=${wordsOf(value[name])}`);
  const said = [message?.trimEnd() ?? '', ...errors, ...codes].filter((words) => words !== '').join(APART);
  const level = stated === 'unknown' ? (inner?.level ?? levelOfText(said)) : stated;
  return { message: (said === '' ? text : said).slice(0, MAX_LINE), level };
}

function parsed(text: string): JsonObject | undefined {
  const value = text.length > 65_536 ? undefined : parseJson(text);
  return isJsonObject(value) ? value : undefined;
}

function firstText(value: JsonObject, names: readonly string[]): string | undefined {
  for (const name of names) {
    const found = value[name];
    if (typeof found === 'string' && found !== '') return found;
    if (typeof found === 'number') return String(found);
  }
  return undefined;
}

const levelIn = (log: unknown): string | undefined => (isJsonObject(log) ? firstText(log, ['level']) : undefined);

function wordsOf(value: unknown): string {
  if (typeof value === 'string') return value.slice(0, 2000);
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return isJsonObject(value) ? (firstText(value, ['message', 'msg', 'reason', 'type', 'code']) ?? '') : '';
}

/** `level=error msg="…" err="…"`: what stands in quotes is the message, not a name. */
function readLogfmt(line: string): Said | undefined {
  if (!/(?:^|\s)(?:msg|message)=/.test(line.slice(0, 400))) return undefined;
  const fields = new Map<string, string>();
  for (const [, name = '', quoted, bare] of line.matchAll(FIELD)) {
    fields.set(name, quoted === undefined ? (bare ?? '') : quoted.replaceAll(/\\(["\\])/g, '$1'));
  }
  const message = fields.get('msg') ?? fields.get('message');
  if (message === undefined) return undefined;
  const errors = ['err', 'error', 'reason', 'cause', 'detail'].map((name) => fields.get(name) ?? '');
  const codes = CODES.filter((name) => fields.has(name)).map((name) => `${name}=${fields.get(name)}`);
  const stated = levelOfWord(fields.get('level') ?? fields.get('lvl') ?? fields.get('severity') ?? '');
  const said = [message, ...errors, ...codes].filter((words) => words !== '').join(APART);
  return { message: said, level: stated === 'unknown' ? levelOfText(line) : stated };
}

const FIELD = /([A-Za-z_][\w.]{0,40})=(?:"((?:[^"\\]|\\.){0,2000})"|([^\s"]{0,500}))/g;
