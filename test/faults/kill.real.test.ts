import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type AlertState,
  type FaultBench,
  createSender,
  incidentOf,
  lastTones,
  openFaultBench,
  until,
} from '../support/fault-bench.ts';

const AIMED = [
  { verb: 'post', when: 'before' },
  { verb: 'post', when: 'after' },
  { verb: 'edit', when: 'before' },
  { verb: 'edit', when: 'after' },
] as const;
const AIMED_ROUNDS = 6;
const RANDOM_KILLS = 30;

describe.each(['key', 'none'] as const)('kill -9, channel with idempotency %s', (keys) => {
  let bench: FaultBench;
  let kills = 0;

  beforeAll(async () => {
    bench = await openFaultBench({ RECORDER_KEYS: keys });
    await bench.orders({ keys: keys === 'key' });
    await bench.start();
  });
  afterAll(() => bench.close());

  it(`loses nothing in ${AIMED.length * AIMED_ROUNDS} aimed and ${RANDOM_KILLS} random kills`, async () => {
    const sender = createSender(bench);

    for (let round = 0; round < AIMED_ROUNDS; round += 1) {
      for (const { verb, when } of AIMED) {
        const name = `Aimed${round}${verb}${when}`;
        if (verb === 'edit') {
          await sender.send(name, 'firing');
          await until(`${name} is shown`, async () => incidentOf(await bench.ledger(), name) !== undefined);
        }
        const { pid, child } = bench.current();
        const exited = once(child, 'exit');
        await bench.orders({ kill: { verb, when, pid } });
        await sender.send(name, verb === 'edit' ? 'resolved' : 'firing');
        await exited;
        kills += 1;
        await bench.start();
      }
    }

    const states: readonly AlertState[] = ['firing', 'resolved', 'firing'];
    let count = 0;
    for (let round = 0; round < RANDOM_KILLS; round += 1) {
      const { child } = bench.current();
      const exited = once(child, 'exit');
      const load = Promise.all(
        Array.from({ length: 4 }, async () => {
          while (child.exitCode === null && child.signalCode === null) {
            const name = `Random${round}x${(count += 1)}x`;
            for (const state of states) await sender.send(name, state);
          }
        }),
      );
      await sleep(30 + Math.floor(Math.random() * 250));
      child.kill('SIGKILL');
      await exited;
      await load;
      kills += 1;
      await bench.start();
    }

    await sender.settle();
    const expected = [...sender.acknowledged];
    expect(expected.length).toBeGreaterThan(AIMED.length * AIMED_ROUNDS + RANDOM_KILLS);
    const wrong = async (): Promise<readonly string[]> => {
      const calls = await bench.ledger();
      const tones = lastTones(calls);
      return expected
        .filter(([name, state]) => {
          const tone = tones.get(incidentOf(calls, name) ?? '');
          return state === 'resolved' ? tone !== 'resolved' : tone !== 'critical';
        })
        .map(([name]) => name);
    };
    await until('every card shows its incident', async () => (await wrong()).length === 0, 60_000).catch(
      () => undefined,
    );
    expect(await wrong()).toEqual([]);
    expect(kills).toBeGreaterThanOrEqual(50);
  }, 600_000);

  it('shows no second card where keys exist, at most one a kill where not', async () => {
    const calls = await bench.ledger();
    const refs = new Map<string, Set<string>>();
    for (const call of calls) {
      // Only what the platform took is a card; a call that was killed before shows nothing.
      if (call.verb !== 'post' || (call.outcome !== 'accepted' && call.outcome !== 'repeated')) continue;
      refs.set(call.incidentId, (refs.get(call.incidentId) ?? new Set()).add(call.ref));
    }
    const extra = [...refs.values()].reduce((sum, set) => sum + set.size - 1, 0);
    expect(refs.size).toBeGreaterThan(50);
    expect(extra).toBeLessThanOrEqual(keys === 'key' ? 0 : kills);
  });
});
