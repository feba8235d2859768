import { execFileSync } from 'node:child_process';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { gatherLines } from '../../src/telemetry/gathered.ts';

function gathering() {
  const writes: string[] = [];
  return { writes, log: gatherLines({ write: (text) => void writes.push(text), flushSync: () => undefined }) };
}

it('writes the lines of one turn together, in their order, and those of the next by themselves', async () => {
  const { writes, log } = gathering();
  log.write('a\n');
  log.write('b\n');
  expect(writes).toEqual([]);
  await nextTurn();
  log.write('c\n');
  await nextTurn();
  expect(writes).toEqual(['a\nb\n', 'c\n']);
});

it('holds no more than 64 KB', async () => {
  const { writes, log } = gathering();
  for (let line = 0; line < 100; line += 1) log.write(`${'x'.repeat(1000)}\n`);
  expect(writes.map(({ length }) => length)).toEqual([66_066]);
  await nextTurn();
  expect(writes.join('').length).toBe(100_100);
});

it('loses no line of a process that exits in the same turn', () => {
  const file = pathToFileURL(join(import.meta.dirname, '../../src/telemetry/log.ts')).href;
  const script = `import { createLog } from '${file}';
    createLog('info', []).info({ action: 'last' }, 'the last line');
    process.exit(0);`;
  const out = execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
  expect(JSON.parse(out)).toMatchObject({ action: 'last', msg: 'the last line' });
});
