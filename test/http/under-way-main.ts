import { createUnderWay } from '../../src/http/under-way.ts';

// What a server does, under --trace-gc: it starts, which makes its first objects old, then 64 requests are under way at
// any time, half a million in all.
const underWay = createUnderWay<{ readonly body: number[] }>();
const set = new Set<{ readonly body: number[] }>();
const line: (() => void)[] = [];
const request = (turn: number) => ({ body: Array.from({ length: 50 }, (_, index) => index + turn) });

for (let turn = 0; turn < 100_000; turn += 1) line[0] = () => void request(turn);
line.length = 0;
for (let turn = 0; turn < 500_000; turn += 1) {
  const one = request(turn);
  if (process.argv[2] === 'set') {
    set.add(one);
    line.push(() => void set.delete(one));
  } else {
    const place = underWay.enter(one);
    line.push(() => underWay.leave(place));
  }
  if (line.length > 64) line.shift()?.();
}
