import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FaultBench, createSender, openFaultBench, showsOf, until } from '../support/fault-bench.ts';

/** What systemd and Kubernetes give and more: after it they kill. */
const DEADLINE_MS = 15_000;
/** A machine that is busy with other things; less than a deadline. */
const SLACK_MS = 10_000;

describe('SIGTERM', () => {
  let bench: FaultBench;
  beforeEach(async () => {
    bench = await openFaultBench({ RECORDER_TIMEOUT_MS: '60000' });
    await bench.start();
  });
  afterEach(() => bench.close());

  it('under load stores everything that was answered with 2xx and ends with 0', async () => {
    const sender = createSender(bench);
    const { child } = bench.current();
    let count = 0;
    const load = Promise.all(
      Array.from({ length: 8 }, async () => {
        while (child.exitCode === null && child.signalCode === null)
          await sender.send(`Load${(count += 1)}x`, 'firing');
      }),
    );
    await until('there is load', () => sender.acknowledged.size > 50);
    const startedAt = Date.now();
    expect(await bench.current().end('SIGTERM')).toBe(0);
    expect(Date.now() - startedAt).toBeLessThan(DEADLINE_MS);
    await load;

    const told = [...sender.acknowledged.keys()];
    await bench.start();
    const missing = async () => {
      const calls = await bench.ledger();
      const shown = new Set(
        calls.filter(({ outcome }) => outcome === 'accepted').map(({ title }) => /Load\d+x/.exec(title)?.[0]),
      );
      return told.filter((name) => !shown.has(name));
    };
    await until('every acknowledged alert has a card', async () => (await missing()).length === 0).catch(
      () => undefined,
    );
    expect(await missing()).toEqual([]);
  });

  it('waits for no platform longer than its deadline', async () => {
    await hang();
    const startedAt = Date.now();
    expect(await bench.current().end('SIGTERM')).toBe(0);
    expect(Date.now() - startedAt).toBeLessThan(DEADLINE_MS + SLACK_MS);
  });

  it('given twice ends at once', async () => {
    await hang();
    const { child } = bench.current();
    const exited = once(child, 'exit');
    child.kill('SIGTERM');
    await sleep(300);
    expect(child.exitCode).toBeNull();
    const startedAt = Date.now();
    child.kill('SIGTERM');
    await exited;
    expect(child.exitCode).toBe(130);
    expect(Date.now() - startedAt).toBeLessThan(SLACK_MS);
  });

  /** Leaves a call under way that will not end by itself. */
  async function hang(): Promise<void> {
    await bench.orders({ hang: ['room-1'] });
    expect(await createSender(bench).send('Hanging', 'firing')).toBe(true);
    await until('a call hangs', async () => showsOf(await bench.ledger(), 'Hanging').length > 0);
  }
});
