import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FaultBench, groupBody, openFaultBench, postAlerts, until } from '../support/fault-bench.ts';
import { type SystemCall, parseTrace } from '../support/strace.ts';

const REQUESTS = 60;
const AT_ONCE = 6;
/** Marked at both ends, so that the first is no part of the tenth. */
const NAMES = Array.from({ length: REQUESTS }, (_, index) => `Traced-${index}-end`);

/** A program that may not be traced proves nothing, so this fails where tracing is refused. */
describe('every 200', () => {
  let bench: FaultBench;
  let trace: string;

  beforeAll(async () => {
    bench = await openFaultBench({ LOG_LEVEL: 'info' });
    trace = join(bench.folder, 'trace.txt');
    // Whole pages are printed, so that an insert is recognised by what it stores; -D keeps the server our own child.
    const calls = 'trace=write,writev,sendto,sendmsg,pwrite64,fsync,fdatasync';
    const strace = ['strace', '-D', '-f', '--seccomp-bpf', '-y', '-s', '8192', '-o', trace, '-e', calls];
    await bench.start(strace).catch((cause: unknown) => {
      throw new Error('the server cannot be traced here, so nothing is proved; is strace there and allowed?', {
        cause,
      });
    });
  });
  afterAll(() => bench.close());

  it('is preceded by an fsync of the write-ahead log after its insert', async () => {
    for (let from = 0; from < REQUESTS; from += AT_ONCE) {
      const sent = NAMES.slice(from, from + AT_ONCE).map((name) =>
        postAlerts(bench.url(), groupBody(name, 'firing'), name),
      );
      for (const response of await Promise.all(sent)) expect(response.status).toBe(200);
    }
    const { pid } = bench.current();
    expect(await bench.current().end('SIGTERM')).toBe(0);
    expect(existsSync(trace), 'strace wrote no trace: is tracing allowed here?').toBe(true);
    const ended = new RegExp(`^${pid} +\\+\\+\\+ exited`, 'm');
    await until('strace has written everything', () => ended.test(readFileSync(trace, 'utf8')));

    const calls = parseTrace(readFileSync(trace, 'utf8'));
    const answeredAt = (name: string): number => calls.findIndex((call) => isAnswer(call, name));
    expect(NAMES.filter((name) => answeredAt(name) === -1)).toEqual([]);
    expect(NAMES.filter((name) => !isKept(calls.slice(0, answeredAt(name)), name))).toEqual([]);
  });
});

const isLog = ({ file }: SystemCall): boolean => file.endsWith('-wal');

/** Every answer carries the id its request came with. */
const isAnswer = (call: SystemCall, name: string): boolean =>
  /^(write|send)/.test(call.name) && call.text.includes('HTTP/1.1 200') && call.text.includes(`X-Request-Id: ${name}`);

/** Whether a page that holds these words was written to the log, and the log synced after it. */
function isKept(calls: readonly SystemCall[], words: string): boolean {
  const inserted = calls.findIndex((call) => call.name === 'pwrite64' && isLog(call) && call.text.includes(words));
  if (inserted === -1) return false;
  return calls.slice(inserted).some((call) => call.name.endsWith('sync') && isLog(call) && call.result === 0);
}
