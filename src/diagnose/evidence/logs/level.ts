/** How bad a line says it is; `unknown` when it does not say. */
export type Level = 'error' | 'warning' | 'info' | 'unknown';

/** What the words of a field or a mark mean: `ERR`, `crit`, `30` (pino), `3` (syslog), `严重`, … */
export function levelOfWord(word: string): Level {
  if (/^\d{1,2}$/.test(word)) return levelOfNumber(Number(word));
  if (/^(?:fatal|panic|emerg|alert|crit|dpanic|severe|err|eror|error|错误|严重|致命)/i.test(word)) return 'error';
  if (/^(?:warn|wrn|警告)/i.test(word)) return 'warning';
  if (/^(?:info|inf|notice|debug|dbg|trace|verbose|log|ok|信息|提示|调试)/i.test(word)) return 'info';
  return 'unknown';
}

/** syslog counts from 0 (worst) to 7, pino and bunyan from 10 to 60 (worst). */
function levelOfNumber(number: number): Level {
  if (number <= 7) return number <= 3 ? 'error' : number === 4 ? 'warning' : 'info';
  return number >= 50 ? 'error' : number >= 40 ? 'warning' : 'info';
}

/** The level that a plain line states in one of the usual forms, near its beginning. */
export function levelOfText(line: string): Level {
  const head = line.slice(0, 160);
  const klog = /^([EWIF])\d{4} \d\d:/.exec(head)?.[1];
  if (klog !== undefined) return klog === 'W' ? 'warning' : klog === 'I' ? 'info' : 'error';
  const priority = /^<(\d{1,3})>/.exec(head)?.[1];
  if (priority !== undefined) return levelOfNumber(Number(priority) % 8);
  const marks = [ENCLOSED.exec(head), BARE.exec(head)].filter((mark) => mark !== null);
  const [first] = marks.toSorted((a, b) => a.index - b.index);
  return first === undefined ? 'unknown' : levelOfWord(first.find((part, at) => at > 0 && part !== undefined) ?? '');
}

/** `[error]`, `<warn>`, `|INFO|`, `【错误】`, `level=error`, or `warn:` at the beginning. */
const ENCLOSED =
  /[[<|(【](emerg|alert|crit|critical|error|err|warn|warning|notice|info|debug|trace|fatal|panic|严重|致命|错误|警告|信息|调试)[\]>|)】]|\b(?:level|lvl|severity|loglevel)=["']?(\w{1,12})|^(error|fatal|warn|warning|info|debug|verbose)[:\t ]/i;

/** A bare word in capitals. */
const BARE =
  /(?<![\w-])(FATAL|PANIC|EMERG|ALERT|CRITICAL|CRIT|SEVERE|ERROR|ERR|WARNING|WARN|NOTICE|INFO|DEBUG|TRACE)(?![\w-])/;

/** Words of trouble, for lines that state no level or understate it. */
export const troubled = (line: string): boolean => TROUBLE.test(line);

const TROUBLE =
  /error|exception|fail|fatal|panic|refus|timed? ?out|timeout|denied|unable|cannot|can't|could not|couldn't|not found|unreachable|unavailable|exhaust|exceed|oom|out of memory|killed|segfault|traceback|deadlock|abort|corrupt|no space|too many|reject|unauthori[sz]ed|forbidden|expired|crash|错误|异常|失败|超时|拒绝|无法|不足|耗尽|崩溃|不可用|过期|丢失|断开/i;
