import { AppError } from '../../errors.ts';
import type { Locale } from '../../types.ts';
import type { About, Finding } from './source.ts';

/** What kept a source from answering. `said` is untrusted; `setting` names the variable that mends it. */
export type SourceFault =
  | { readonly kind: 'timeout'; readonly afterMs: number }
  /** Whoever asked no longer wants to know. */
  | { readonly kind: 'aborted' }
  /** `code` is the system's: `ECONNREFUSED`, `ENOTFOUND`, … */
  | { readonly kind: 'unreachable'; readonly code: string; readonly setting: string }
  | { readonly kind: 'redirected'; readonly setting: string }
  | { readonly kind: 'refused'; readonly status: number; readonly setting: string; readonly said: string }
  | { readonly kind: 'missing'; readonly setting: string; readonly said: string }
  | { readonly kind: 'status'; readonly status: number; readonly said: string }
  | { readonly kind: 'html'; readonly setting: string }
  | { readonly kind: 'too_large'; readonly limitBytes: number }
  | { readonly kind: 'unreadable' }
  /** A name in the question can stand in no address of ours: nothing was asked. */
  | { readonly kind: 'unaskable' }
  | { readonly kind: 'other'; readonly said: string };

/** A source did not answer a question; the message says why and what to do, and holds no credentials. */
export class SourceFailed extends AppError {
  readonly code = 'source_failed';
  override readonly retry = 'backoff';
  readonly source: string;
  readonly fault: SourceFault;

  constructor(source: string, fault: SourceFault, options?: ErrorOptions) {
    super(faultText(source, fault, 'en-US'), options);
    this.source = source;
    this.fault = fault;
  }
}

/** True when the source answered that it has no such thing (404), which for some questions is an answer. */
export const isMissing = (error: unknown): boolean => error instanceof SourceFailed && error.fault.kind === 'missing';

const FAILED: Readonly<Record<Locale, (name: string) => string>> = {
  'zh-CN': (name) => `${name} 没有给出证据`,
  'en-US': (name) => `No evidence from ${name}`,
};

/** A failure is evidence too: it says what could not be looked at, which is no sign that all is well there. */
export function failureFinding(
  source: string,
  error: unknown,
  { locale, now }: Pick<About, 'locale' | 'now'>,
  query?: string,
): Finding {
  return {
    source,
    title: FAILED[locale](titleOf(source)),
    text: failureText(source, error, locale),
    at: now,
    failed: true,
    relevance: 0.3,
    ...(query === undefined ? {} : { query }),
  };
}

/** Why a source did not answer, and what to do. */
export const failureText = (source: string, error: unknown, locale: Locale): string =>
  faultText(source, faultOf(error), locale);

/** What kept a source from answering, of anything that was thrown. */
export function faultOf(error: unknown): SourceFault {
  if (error instanceof SourceFailed) return error.fault;
  if (error instanceof Error && error.name === 'AbortError') return { kind: 'aborted' };
  return { kind: 'other', said: oneLine(error instanceof Error ? error.message : '') };
}

/** Untrusted words as one short line, without credentials of addresses in it. */
export const oneLine = (words: string): string =>
  words
    .slice(0, 2000)
    .replaceAll(/[\p{Cf}\p{Default_Ignorable_Code_Point}]/gu, '')
    .replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .replaceAll(/\/\/[^\s/@]{1,256}@/g, '//')
    .trim()
    .slice(0, 240);

const TITLES: Readonly<Record<string, string>> = {
  prometheus: 'Prometheus',
  alertmanager: 'Alertmanager',
  loki: 'Loki',
  elasticsearch: 'Elasticsearch',
  kubernetes: 'Kubernetes',
};

/** A source's name as people write it. */
const titleOf = (source: string): string => TITLES[source] ?? source;

function faultText(source: string, fault: SourceFault, locale: Locale): string {
  const name = titleOf(source);
  return locale === 'zh-CN' ? inChinese(name, fault) : inEnglish(name, fault);
}

const seconds = (ms: number): string => `${Number((ms / 1000).toFixed(1))}`;
const mebibytes = (bytes: number): string => `${Number((bytes / 1024 / 1024).toFixed(2))} MiB`;
const after = (mark: string, said: string): string => (said === '' ? '' : `${mark}${said}`);

function inEnglish(name: string, fault: SourceFault): string {
  switch (fault.kind) {
    case 'timeout':
      return `${name} did not answer within ${seconds(fault.afterMs)} s: it is overloaded, or the question was too large for it`;
    case 'aborted':
      return `${name} was not waited for: the time for evidence was over`;
    case 'unreachable':
      return `${name} cannot be reached (${fault.code}): check ${fault.setting} and the network between`;
    case 'redirected':
      return `${name} answered with a redirect, which is not followed: put its final address into ${fault.setting}`;
    case 'refused':
      return `${name} refused us (${fault.status}): check ${fault.setting}${after(': ', fault.said)}`;
    case 'missing':
      return `${name} answered 404: is the address in ${fault.setting} right?${after(' ', fault.said)}`;
    case 'status':
      return `${name} answered ${fault.status}${after(': ', fault.said)}`;
    case 'html':
      return `${name} answered with a web page: ${fault.setting} points at something else, or at a login page`;
    case 'too_large':
      return `${name} answered with more than ${mebibytes(fault.limitBytes)}: not read`;
    case 'unreadable':
      return `${name} answered with something that is no JSON`;
    case 'unaskable':
      return `${name} was not asked: a name in the alert can stand in no address`;
    case 'other':
      break;
  }
  return `${name} could not be asked${after(': ', fault.said)}`;
}

function inChinese(name: string, fault: SourceFault): string {
  switch (fault.kind) {
    case 'timeout':
      return `${name} 在 ${seconds(fault.afterMs)} 秒内没有回答：可能过载，或查询太大`;
    case 'aborted':
      return `没有等到 ${name} 的回答：收集证据的时间已到`;
    case 'unreachable':
      return `连不上 ${name}（${fault.code}）：请检查 ${fault.setting} 和中间的网络`;
    case 'redirected':
      return `${name} 返回了重定向，我们不跟随：请把最终地址写进 ${fault.setting}`;
    case 'refused':
      return `${name} 拒绝了访问（${fault.status}）：请检查 ${fault.setting}${after('：', fault.said)}`;
    case 'missing':
      return `${name} 返回 404：${fault.setting} 的地址对吗？${after(' ', fault.said)}`;
    case 'status':
      return `${name} 返回 ${fault.status}${after('：', fault.said)}`;
    case 'html':
      return `${name} 返回了网页：${fault.setting} 指向了别处，或是登录页`;
    case 'too_large':
      return `${name} 的回答超过 ${mebibytes(fault.limitBytes)}，没有读取`;
    case 'unreadable':
      return `${name} 的回答不是 JSON`;
    case 'unaskable':
      return `没有查询 ${name}：告警里的名称不能放进地址`;
    case 'other':
      break;
  }
  return `无法查询 ${name}${after('：', fault.said)}`;
}
