import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createSimulatedClock } from './lark/clock.ts';
import { startLarkSimulator } from './lark/simulator.ts';

const FOLDER = join(import.meta.dirname, 'lark');
const files = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));

describe('the simulator itself', () => {
  it('imports nothing of the product and nothing of the vendor, so that it can be wrong in other ways', () => {
    const importing = files.filter((name) =>
      /from '[^']*(?:\/src\/|@larksuiteoapi)|import\('/.test(readFileSync(join(FOLDER, name), 'utf8')),
    );
    expect(files.length).toBeGreaterThan(30);
    expect(importing).toEqual([]);
  });

  it('gives an app id that the vendor’s long connection accepts', async () => {
    const lark = await startLarkSimulator();
    expect(lark.app.id).toMatch(/^cli_[0-9a-f]{16}$/);
    expect(lark.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    await lark.stop();
  });

  it('does what is due in order, each at its own time, when time is moved', async () => {
    const clock = createSimulatedClock({ standing: true, start: 1000 });
    const done: [string, number][] = [];
    const note = (name: string) => async (): Promise<void> => void done.push([name, clock.now()]);
    clock.after(300, note('late'));
    clock.after(100, async () => {
      await note('early')();
      clock.after(50, note('between'));
    });
    await clock.advance(299);
    expect([done, clock.now()]).toEqual([
      [
        ['early', 1100],
        ['between', 1150],
      ],
      1299,
    ]);
    await clock.advance(1);
    expect(done.at(-1)).toEqual(['late', 1300]);
  });

  it('does what is due by itself when its time runs with the machine’s', async () => {
    const clock = createSimulatedClock();
    await new Promise<void>((resolve) => clock.after(30, () => Promise.resolve(resolve())));
    clock.stop();
    const before = Date.now();
    const now = clock.now();
    expect(now).toBeGreaterThanOrEqual(before);
    expect(now).toBeLessThanOrEqual(Date.now());
  });
});
