import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type DueLoopDeps, createDueLoop } from '../../src/jobs/due-loop.ts';
import type { DueRows, DueWork } from '../../src/jobs/ports.ts';
import { runBeat } from '../../src/jobs/periodic.ts';
import { SILENT } from '../support/engines.ts';

const work = (subject: string): DueWork => ({ kind: 'k', subject, dueAt: 0, attempts: 1, token: 't' });

describe('a loop over due rows', () => {
  let stop: AbortController;
  let waiting: DueWork[];
  let done: string[];
  let retried: { subject: string; at: number; error: string }[];
  let running: Promise<void>;
  beforeEach(() => {
    stop = new AbortController();
    [waiting, done, retried, running] = [[], [], [], Promise.resolve()];
  });
  afterEach(async () => {
    stop.abort();
    await running;
  });

  const rows = (over: Partial<DueRows> = {}): DueRows => ({
    next: async () => waiting[0]?.dueAt,
    claim: async (_kind, limit) => waiting.splice(0, limit),
    complete: async ({ subject }) => done.push(subject) > 0,
    retry: async ({ subject }, at, error) => retried.push({ subject, at, error }) > 0,
    ...over,
  });
  const start = (deps: Partial<DueLoopDeps>) => {
    const loop = createDueLoop({
      kind: 'k',
      slots: 2,
      leaseMs: 1000,
      pollMs: 5,
      due: rows(),
      work: async () => undefined,
      clock: { now: () => 1000 },
      random: () => 1,
      log: SILENT,
      ...deps,
    });
    running = loop.run(stop.signal);
    return loop;
  };
  const until = async (fact: () => boolean): Promise<void> => {
    await expect.poll(fact, { interval: 2 }).toBe(true);
  };

  it('does what is due, at most as much at once as it has slots', async () => {
    let [busy, most] = [0, 0];
    waiting = ['a', 'b', 'c', 'd', 'e'].map(work);
    start({
      work: async () => {
        busy += 1;
        most = Math.max(most, busy);
        await new Promise((resolve) => setTimeout(resolve, 5));
        busy -= 1;
      },
    });
    await until(() => done.length === 5);
    expect(most).toBe(2);
  });

  it('puts failed work back, later with every try, and goes on', async () => {
    waiting = [{ ...work('a'), attempts: 3 }, { ...work('b'), attempts: 30 }, work('c')];
    start({
      work: async ({ subject }) => {
        if (subject !== 'c') throw new Error(`no ${subject}`);
      },
    });
    await until(() => done.length === 1 && retried.length === 2);
    expect(retried).toEqual([
      { subject: 'a', at: 9000, error: 'no a' },
      { subject: 'b', at: 61_000, error: 'no b' },
    ]);
  });

  it('outlives a database that fails', async () => {
    let failures = 0;
    const claim: DueRows['claim'] = async () => {
      failures += 1;
      if (failures < 4) throw new Error('gone');
      return waiting.splice(0);
    };
    waiting = [work('a')];
    start({ due: rows({ claim }) });
    await until(() => done.length === 1);
    expect(failures).toBeGreaterThanOrEqual(4);
  });

  it('sleeps no longer than until the next row is due', async () => {
    let now = 1000;
    waiting = [{ ...work('a'), dueAt: 1030 }];
    start({ pollMs: 60_000, clock: { now: () => (now += 1) } });
    await until(() => done.length === 1);
    expect(now).toBeGreaterThanOrEqual(1030);
  });

  it('wakes at a hint instead of sleeping on', async () => {
    const loop = start({ pollMs: 60_000 });
    await new Promise((resolve) => setTimeout(resolve, 10));
    waiting = [work('a')];
    loop.wake(1000);
    await until(() => done.length === 1);
    expect(done).toEqual(['a']);
  });

  it('looks up nothing before what a hint speaks of is due', async () => {
    let looks = 0;
    const next = async () => {
      looks += 1;
      return undefined;
    };
    const loop = start({ pollMs: 60_000, due: rows({ next }) });
    await until(() => looks === 1);
    for (let at = 0; at < 50; at += 1) loop.wake(1000 + 50_000 + at);
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect(looks).toBe(1);
    loop.wake(1000 + 40);
    await until(() => looks === 2);
  });

  it('aborts work before its lease ends', async () => {
    waiting = [work('a')];
    start({
      leaseMs: 50,
      work: (_work, signal) =>
        new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('too long')))),
    });
    await until(() => retried.length === 1);
    expect(retried[0]?.error).toBe('too long');
  });

  it('finishes what it holds when told to stop', async () => {
    let finish = (): void => undefined;
    waiting = [work('a')];
    start({ work: () => new Promise((resolve) => (finish = resolve)) });
    await until(() => waiting.length === 0);
    stop.abort();
    let ended = false;
    void running.then(() => (ended = true));
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect(ended).toBe(false);
    finish();
    await running;
    expect(done).toEqual(['a']);
  });
});

describe('the beat', () => {
  it('goes on after a failure and ends with the signal', async () => {
    const stop = new AbortController();
    let beats = 0;
    const beat = async (): Promise<void> => {
      beats += 1;
      if (beats === 1) throw new Error('full');
      if (beats === 3) stop.abort();
    };
    await runBeat({ beat, everyMs: 1, clock: { now: () => 0 }, log: SILENT }, stop.signal);
    expect(beats).toBe(3);
  });
});
