import { describe, expect, it } from 'vitest';
import { foldTraces, rootOf } from '../../../../src/diagnose/evidence/logs/fold.ts';
import { groupLines } from '../../../../src/diagnose/evidence/logs/groups.ts';
import { levelOfText } from '../../../../src/diagnose/evidence/logs/level.ts';
import { readLine } from '../../../../src/diagnose/evidence/logs/line.ts';
import { templateOf } from '../../../../src/diagnose/evidence/logs/mask.ts';
import { rankGroups } from '../../../../src/diagnose/evidence/logs/rank.ts';
import { workedFor } from '../../../support/worked.ts';
import { noise } from './noise.ts';

const START = Date.parse('2026-11-22T08:00:00Z');
const MINUTE = 60_000;

describe('the template of a line', () => {
  it.each([
    ['took 250 ms', 'took 1 ms'],
    ['user 6f1e2d3c-0a1b-4c2d-8e3f-001122334455 left', 'user aa1e2d3c-0a1b-4c2d-8e3f-00112233ff55 left'],
    ['dial tcp 10.0.0.1:5432: refused', 'dial tcp 10.12.0.77:80: refused'],
    ['relation "users" is gone', 'relation "orders" is gone'],
    ['pod checkout-7d9f8b6c5-abcde up', 'pod checkout-5c8d7f9a1-zzzzz up'],
    ['at 2026-11-22T08:00:00.123Z x', 'at 2026-11-23T18:10:01.9Z x'],
    ['连接池 100/100 已满', '连接池 57/80 已满'],
    ['worker-12 is idle', 'worker-3 is idle'],
    ['took 1.5s', 'took 850ms'],
  ])('is one for %s and %s', (a, b) => {
    expect(templateOf(a)).toBe(templateOf(b));
    expect(templateOf(a)).toContain('<*>');
  });

  it.each([
    ['exited with code 0', 'exited with code 137'],
    ['"GET /a HTTP/1.1" 200 12', '"GET /a HTTP/1.1" 503 12'],
    ['failed: "pool is exhausted"', 'failed: "cache is cold"'],
    ["KeyError: 'DEPLOY_ENV'", "KeyError: 'PROMO_CODE'"],
    ['状态码 502', '状态码 200'],
    ['disk is full', 'disk is slow'],
  ])('tells %s from %s', (a, b) => {
    expect(templateOf(a)).not.toBe(templateOf(b));
  });

  it.each(['a', '1', '"', "'", 'a1', '-', ' ', '\\', '1a-', "'A", '{"a":'])(
    'takes little time for 200 KB of %s',
    (bit) => {
      const text = bit.repeat(Math.ceil(200_000 / bit.length));
      const lines = [text, `{"msg":"${text}`, `msg="${text}`];
      expect(workedFor(() => [templateOf(text), ...lines.map((line) => readLine(line))])).toBeLessThan(150);
    },
  );
});

describe('the level of a line', () => {
  it.each([
    ['E1122 08:00:00.1 1 reflector.go:1] failed', 'error'],
    ['W1122 08:00:00.1 1 x.go:1] slow', 'warning'],
    ['2026/11/22 08:00:00 [crit] 7#7: *1 open()', 'error'],
    ['2026-11-22 08:00:00.123 ERROR 1 --- [main] c.x : no', 'error'],
    ['2026-11-22 08:00:00 INFO retry after error', 'info'],
    ['{"level":"WARN","msg":"x"}', 'warning'],
    ['{"severity":"ERROR","message":"x"}', 'error'],
    ['{"level":50,"msg":"pino"}', 'error'],
    ['{"log":"ERROR: no\\n","stream":"stderr"}', 'error'],
    ['ts=1 level=error msg="no"', 'error'],
    ['<131>Nov 22 host app: no', 'error'],
    ['【错误】连接失败', 'error'],
    ['2026-11-22 [错误] 磁盘', 'error'],
    ['FATAL:  sorry, too many clients already', 'error'],
    ['just words', 'unknown'],
  ])('of %s is %s', (line, level) => {
    expect(readLine(line).level).toBe(level);
  });

  it('is not read out of an address', () => {
    expect(levelOfText('GET /error/page 200')).toBe('unknown');
  });
});

describe('stack traces', () => {
  const fold = (text: string) => foldTraces(text.split('\n').map((line) => ({ at: START, text: line, stream: 's' })));

  it('of Java fold, with their deepest cause', async () => {
    const [one, ...others] = (
      await fold(
        'ERROR no order\njava.lang.IllegalStateException: no\n\tat a.B.c(B.java:1)\nCaused by: java.net.ConnectException: refused\n\tat x.Y.z(Y.java:2)\n\t... 12 more\nINFO next',
      )
    ).slice(1);
    expect(others).toHaveLength(1);
    expect(rootOf(one ?? { text: '', rest: [] })).toBe('Caused by: java.net.ConnectException: refused');
  });

  it('of Python fold up to their message', async () => {
    const [one, two] = await fold(
      `Traceback (most recent call last):\n  File "a.py", line 3, in <module>\n    run()\nKeyError: 'DEPLOY_ENV'\nnext line`,
    );
    expect(rootOf(one ?? { text: '', rest: [] })).toBe(`KeyError: 'DEPLOY_ENV'`);
    expect(two?.text).toBe('next line');
  });

  it('of Go and Node fold', async () => {
    expect(
      await fold('panic: runtime error: x\n\ngoroutine 1 [running]:\nmain.foo(0x1)\n\t/a/b.go:12 +0x1d\nexit status 2'),
    ).toHaveLength(1);
    expect(
      await fold(
        'TypeError: x is not a function\n    at Object.<anonymous> (/a.js:1:2)\n    at node:internal/x:1:2\nnext',
      ),
    ).toHaveLength(2);
  });

  it('never swallow what another stream says in between', async () => {
    const lines = ['ERROR a', '\tat x'].flatMap((text, at) =>
      ['p', 'q'].map((stream) => ({ at: START + at, text, stream })),
    );
    expect((await foldTraces(lines)).map(({ stream, rest }) => [stream, rest.length])).toEqual([
      ['p', 1],
      ['q', 1],
    ]);
  });
});

describe('ten thousand lines', () => {
  const from = START - 15 * MINUTE;
  const lines = noise(10_000, { seed: 7, from, to: START + 5 * MINUTE }).map((line) => ({ ...line, stream: line.pod }));

  it('become few groups whose counts add up', async () => {
    const groups = await groupLines(lines, { from, startedAt: START });
    expect(groups.length).toBeLessThan(40);
    expect(groups.reduce((sum, { count }) => sum + count, 0)).toBe(10_000);
  });

  it.each([
    'ERROR [checkout] HikariPool-1 - Connection is not available, request timed out after 30000ms',
    '{"level":"error","msg":"cannot apply configuration","error":"unknown host db-staging.internal"}',
    '2026-11-22 [错误] 数据库连接池耗尽，等待 30 秒后放弃',
    'panic: assignment to entry in nil map',
    'E1122 07:58:00.000000 1 main.go:33] "License has expired" err="403 Forbidden"',
  ])('do not hide %s', async (needle) => {
    for (const offset of [-8, -2, -0.2, 0.5]) {
      const at = START + offset * MINUTE;
      const all = [...lines, { at, text: needle, stream: 'checkout-1' }].toSorted((a, b) => a.at - b.at);
      const ranked = await rankGroups(await groupLines(all, { from, startedAt: START }), {
        startedAt: START,
        from,
        words: [],
      });
      expect(ranked[0]?.samples[0].text, `${offset} min`).toBe(needle);
      expect(ranked[0]?.fresh).toBe(true);
    }
  });
});
