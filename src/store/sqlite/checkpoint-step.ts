/** The write-ahead log in frames: each holds one page of 4 KiB as one commit left it. */
export interface Log {
  readonly frames: number;
  /** Those that no checkpoint has brought into the database file yet. */
  readonly left: number;
}

/** The other thread's passes: what came of the last one, or that it is under way. */
export interface Passes {
  readonly state: 'none' | 'working' | 'passed' | 'blocked' | 'failed';
  /** Frames left when it was asked for. */
  readonly asked: number;
}

/**
 * `short`: the log is, and earlier passes mean nothing for it; `later`: nothing now; `ask`: for a pass of the other
 * thread; `wait`: until the pass that is under way has ended; `here`: a checkpoint on the writer's own connection.
 */
export type Step = 'short' | 'later' | 'ask' | 'wait' | 'here';

/** 32 MB, so that it stays within `journal_size_limit`: the longer the log, the more of its frames hold the same page, which is then copied once. */
const START = 8000;
/** With its sync 1.3 ms here; 200 frames took 5 ms. */
const NEAR = 64;
/** 128 MB: as much is allowed beyond what was asked for before the writer waits, and without a pass that works. */
const FAR = 32_000;
/** A reader that is not done keeps every pass from going on: asking again is for later. */
const AGAIN = 2000;

/**
 * What to do about the log after a commit. Only a log that is checkpointed to its end starts from its beginning again,
 * and under steady load the other thread never reaches the end: the writer does the last bit, once that is short or
 * passes shorten it no more.
 */
export function nextStep({ frames, left }: Log, { state, asked }: Passes): Step {
  if (state === 'working') return left > asked + FAR ? 'wait' : 'later';
  if (frames <= START) return 'short';
  if (state === 'failed' && left > FAR) return 'here';
  if (state === 'passed' && (left <= NEAR || left > asked / 2)) return 'here';
  const enough = state === 'blocked' || state === 'failed' ? asked + AGAIN : NEAR;
  return left > enough ? 'ask' : 'later';
}
