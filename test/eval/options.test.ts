import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const EVAL = join(import.meta.dirname, 'eval.ts');

interface Ended {
  readonly status: unknown;
  readonly said: string;
}

const evalWith = (...args: readonly string[]): Promise<Ended> =>
  new Promise((resolve) => {
    execFile(process.execPath, [EVAL, ...args], (error, _, stderr) =>
      resolve({ status: error?.code ?? 0, said: stderr }),
    );
  });

describe('the options of the evaluation', () => {
  it('know two sets held out, of which the later one has no table to be written', async () => {
    const [unknown, written, first] = await Promise.all([
      evalWith('--held-out=held-out-3'),
      evalWith('--held-out=held-out-2', '--write'),
      // Ends before anything is played, but after its set was loaded.
      evalWith('--held-out', '--write', 'no-such-scenario'),
    ]);
    expect(unknown).toMatchObject({ status: 2, said: expect.stringContaining('not held-out-3') });
    expect(written).toMatchObject({ status: 2, said: expect.stringContaining('no table for held-out-2') });
    expect(first).toMatchObject({ status: 2, said: expect.stringContaining('no scenario no-such-scenario') });
  });
});
