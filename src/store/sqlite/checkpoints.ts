import { type Log, type Passes, nextStep } from './checkpoint-step.ts';
import type { Answer } from './protocol.ts';
import type { Statements } from './statements.ts';

export interface CheckpointsDeps {
  readonly statements: Statements;
  /** `PASSIVE` in another thread: neither it nor the writer waits for the other. */
  readonly pass: () => Promise<Answer | undefined>;
  /** Told why a pass failed: it is no commit's failure, and later passes are tried all the same. */
  readonly failed: (err: unknown) => void;
}

/** PASSIVE never waits for readers. */
export const PASSIVE = 'pragma wal_checkpoint(PASSIVE)';

const NONE: Passes = { state: 'none', asked: 0 };

/** Keeps the log short, to be called after each commit, its answer being out. Throws what a checkpoint here throws. */
export function createCheckpoints({ statements, pass, failed }: CheckpointsDeps): () => Promise<void> {
  let passes = NONE;
  let working = Promise.resolve();
  const outcomeOf = async (before: Log): Promise<Passes['state']> => {
    try {
      const { done } = logIn(await pass());
      return done > before.frames - before.left ? 'passed' : 'blocked';
    } catch (err) {
      failed(err);
      return 'failed';
    }
  };
  const ask = async (before: Log): Promise<void> => {
    passes = { state: 'working', asked: before.left };
    passes = { state: await outcomeOf(before), asked: before.left };
  };
  return async () => {
    const log = logIn(statements.run('pragma wal_checkpoint(NOOP)', []));
    const step = nextStep(log, passes);
    if (step === 'ask') working = ask(log);
    if (step === 'wait') await working;
    if (step === 'here') statements.run(PASSIVE, []);
    if (step === 'here' || step === 'short') passes = NONE;
  };
}

/** Both numbers are -1 while another connection runs a checkpoint. */
function logIn(answer: Answer | undefined): Log & { readonly done: number } {
  const [[, frames, done] = []] = answer?.rows ?? [];
  return { frames: Number(frames), left: Number(frames) - Number(done), done: Number(done) };
}
