import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FaultBench, createSender, openFaultBench } from '../support/fault-bench.ts';
import { parseTrace } from '../support/strace.ts';

const REQUESTS = 60;

/** A program that may not be traced proves nothing, so this fails where tracing is refused. */
describe('every 200', () => {
  let bench: FaultBench;
  let trace: string;

  beforeAll(async () => {
    bench = await openFaultBench({ LOG_LEVEL: 'info' });
    trace = join(bench.folder, 'trace.txt');
    const calls = 'trace=write,writev,sendto,sendmsg,pwrite64,fsync,fdatasync';
    await bench.start(['strace', '-f', '--seccomp-bpf', '-y', '-s', '96', '-o', trace, '-e', calls]);
  });
  afterAll(() => bench.close());

  it('is preceded by an fsync of the write-ahead log after its insert', async () => {
    const sender = createSender(bench);
    for (let index = 0; index < REQUESTS; index += 1) {
      expect(await sender.send(`Traced${index}`, 'firing')).toBe(true);
    }
    await bench.current().end('SIGTERM');
    expect(existsSync(trace), 'strace wrote no trace: is tracing allowed here?').toBe(true);

    let [answers, unsynced, inserted, synced] = [0, 0, false, false];
    for (const { name, file, text, result } of parseTrace(readFileSync(trace, 'utf8'))) {
      const isLog = file.endsWith('-wal');
      if (isLog && name === 'pwrite64') [inserted, synced] = [true, false];
      else if (isLog && name.endsWith('sync') && result === 0) synced = inserted;
      else if (text.includes('HTTP/1.1 200') && !isLog) {
        answers += 1;
        if (!inserted || !synced) unsynced += 1;
        [inserted, synced] = [false, false];
      }
    }
    expect(answers).toBeGreaterThanOrEqual(REQUESTS);
    expect(unsynced).toBe(0);
  }, 120_000);
});
