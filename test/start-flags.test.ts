import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const read = (name: string): string => readFileSync(join(import.meta.dirname, '..', name), 'utf8');
const part = (name: string, expression: RegExp): string => expression.exec(read(name))?.[1] ?? '';
const flags = (text: string): readonly string[] => text.match(/--[\w-]+(?:=[\w-]+)?/g) ?? [];

it('npm start, the command and the benchmarks run under the same flags of the engine', () => {
  const npmStart = flags(part('package.json', /"start": "node (.*)src\/main\.ts"/));
  expect(npmStart.length).toBeGreaterThan(0);
  expect(flags(part('bin/zhiban.js', /spawn\(runtime, \[(.*?)entry,/))).toEqual(npmStart);
  expect(flags(part('test/bench/rounds.ts', /const AS_STARTED = \[(.*?)\];/))).toEqual(npmStart);
});
