import { once } from 'node:events';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FaultBench, createSender, openFaultBench } from '../support/fault-bench.ts';

const EX_IOERR = 74;

/** strace injects the fault; where it may not trace, this fails and says so. */
describe('a disk that fails to keep what was written', () => {
  let bench: FaultBench;
  beforeAll(async () => {
    bench = await openFaultBench();
  });
  afterAll(() => bench.close());

  it('ends the process with an exit code at once, and nothing acknowledged is missing after the restart', async () => {
    const fault = 'inject=fsync,fdatasync:error=EIO:when=150+';
    const strace = [
      'strace',
      '-D',
      '-f',
      '-o',
      join(bench.folder, 'trace.txt'),
      '-e',
      'trace=fsync,fdatasync',
      '-e',
      fault,
    ];
    await bench.start(strace).catch((cause: unknown) => {
      throw new Error('the server cannot be traced here, so nothing is proved; is strace allowed?', { cause });
    });
    const { child } = bench.current();
    const exited = once(child, 'exit');
    const sender = createSender(bench);
    let refusedAt: number | undefined;
    for (let at = 0; child.exitCode === null; at += 1) {
      const taken = await sender.send(`Lost-${at}-end`, 'firing');
      expect(taken && refusedAt !== undefined, 'an acknowledgement after the failed sync').toBe(false);
      if (!taken) refusedAt ??= Date.now();
    }
    await exited;
    expect(child.exitCode).toBe(EX_IOERR);
    expect(Date.now() - (refusedAt ?? 0)).toBeLessThan(10_000);
    expect(bench.current().output()).toContain('"action":"exiting"');

    await bench.start();
    const stored = await Promise.all(
      [...sender.acknowledged.keys()].map((name) =>
        bench.api<{ readonly total: number }>('GET', `/incidents?label.alertname=${name}`),
      ),
    );
    expect(stored.length).toBeGreaterThan(5);
    expect(stored.filter(({ total }) => total !== 1)).toEqual([]);
  });
});
