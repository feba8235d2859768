import { type Line, limitLine, ratioLine } from '../report.ts';
import { interleaved, load, withServer } from '../rounds.ts';
import { recurring } from '../workload.ts';

const RATE = 2000;
const SECONDS = 8;

/** Requests by the clock, as senders send them: what the slowest hundredth waits. */
export async function openLoop(): Promise<readonly Line[]> {
  const { reference, synced, durable } = await interleaved({
    reference: () => p99('reference'),
    synced: () => p99('synced'),
    durable: () => p99('zhiban'),
  });
  const name = `p99 at ${RATE} requests/s`;
  return [
    ratioLine(name, durable, reference, 'ms', { atMost: 2 }),
    ratioLine(`${name}, nothing but one synced row`, synced, reference, 'ms', { atMost: 2 }),
    limitLine(name, durable, 'ms', 50),
  ];
}

const p99 = (name: string): Promise<number> =>
  withServer(name, async (server) => {
    const warmUp = { kind: 'new', alerts: 1, count: RATE * 3, from: 1_000_000 } as const;
    await load(server, warmUp, { rate: RATE, connections: 128 });
    return (await load(server, recurring(RATE * SECONDS), { rate: RATE, connections: 128 })).p99;
  });
