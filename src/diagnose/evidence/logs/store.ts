import type { EpochMs } from '../../../types.ts';
import type { LogLine } from './line.ts';

/** What lines are wanted: those that complain, those with one of these words, or all. */
export type LogFilter = 'trouble' | 'all' | readonly string[];

/** Literal parts that stand in a line in this order. */
export type Parts = readonly string[];

/** A question to a log store, in no store's language. Values in it are untrusted. */
export interface LogQuestion {
  readonly filter: LogFilter;
  readonly from: EpochMs;
  readonly to: EpochMs;
  /** Which end of the time is read first when there are more lines than the limit. */
  readonly direction: 'forward' | 'backward';
  readonly limit: number;
  /** No lines with any of these. */
  readonly without: readonly Parts[];
  /** Only lines with these. */
  readonly only?: Parts;
}

/** A part of a log store: one pod's, one service's, a namespace's lines. */
export interface LogScope {
  /** What is asked of it: the wider it is, the less. */
  readonly asked: 'everything' | 'mentions' | 'trouble';
  /** Whether it is what the alert names, not something around it. */
  readonly own: boolean;
  /** The question in the store's own language, as people would paste it. */
  text(question: LogQuestion): string;
  /** At most `limit` lines, oldest first, each stream in order. Rejects with `SourceFailed`. */
  ask(question: LogQuestion, signal: AbortSignal): Promise<readonly LogLine[]>;
}

/** Words of trouble, as log stores are asked for them; case is ignored. */
export const TROUBLE_WORDS = [
  'error',
  'exception',
  'fatal',
  'panic',
  'fail',
  'refused',
  'timeout',
  'timed out',
  'denied',
  'unable to',
  'cannot',
  'could not',
  'not found',
  'unavailable',
  'unreachable',
  'exhausted',
  'exceeded',
  'out of memory',
  'oom',
  'killed',
  'crit',
  'emerg',
  'traceback',
  'caused by',
  'warn',
  '错误',
  '异常',
  '失败',
  '超时',
  '拒绝',
  '无法',
  '不足',
  '耗尽',
  '崩溃',
  '严重',
] as const;

/** Beginnings of words that a store of whole words needs spelled out. */
export const TROUBLE_FORMS = [
  'failed',
  'failure',
  'fails',
  'errors',
  'err',
  'critical',
  'warning',
  'refuse',
  'rejected',
  'expired',
  'deadlock',
  'corrupt',
  'crashed',
  'oomkilled',
  'severe',
] as const;
