import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FaultBench, groupBody, openFaultBench, postAlerts } from '../support/fault-bench.ts';

const INCIDENTS = 200;
const ALERTS_EACH = 10;
const REPEATS = 3;
/** Longer than restraint and a poll together. */
const QUIET_MS = 6500;

interface Listed {
  readonly id: string;
  readonly revision: number;
  readonly firing_count: number;
}

describe('alerts that keep firing', () => {
  let bench: FaultBench;
  beforeAll(async () => {
    bench = await openFaultBench();
    await bench.start();
  });
  afterAll(() => bench.close());

  it(`raise no revision and cause no call: ${INCIDENTS * ALERTS_EACH} of them, ${REPEATS} times over`, async () => {
    const each = Array.from({ length: ALERTS_EACH }, (_, index) => ({ instance: `host-${index}` }));
    /** The round makes bodies differ: what is byte-identical within a minute would be dropped before any policy. */
    const sendAll = async (round: number): Promise<void> => {
      for (let index = 0; index < INCIDENTS; index += 1) {
        const body = {
          ...groupBody(`Firing${index}x`, 'firing', each),
          externalURL: `http://alerts.example.com/${round}`,
        };
        expect((await postAlerts(bench.url(), body)).status).toBe(200);
      }
    };
    const list = async (): Promise<readonly Listed[]> =>
      (await bench.api<{ readonly items: readonly Listed[] }>('GET', '/incidents?limit=200')).items;
    const revisions = async () => (await list()).map(({ id, revision }) => `${id} ${revision}`).toSorted();

    await sendAll(0);
    for (let calls = -1; calls !== (await bench.ledger()).length;) {
      calls = (await bench.ledger()).length;
      await sleep(QUIET_MS);
    }
    const before = await revisions();
    expect(before).toHaveLength(INCIDENTS);
    expect((await list()).every(({ firing_count: count }) => count === ALERTS_EACH)).toBe(true);
    await bench.forget();

    for (let round = 1; round <= REPEATS; round += 1) await sendAll(round);
    await sleep(QUIET_MS);
    expect(await bench.ledger()).toEqual([]);
    expect(await revisions()).toEqual(before);
    const { items } = await bench.api<{ readonly items: readonly { readonly repeats: number }[] }>(
      'GET',
      '/alerts?limit=200',
    );
    expect(items).toHaveLength(200);
    expect(items.every(({ repeats }) => repeats === REPEATS)).toBe(true);
  });
});
