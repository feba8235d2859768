import { type Line, ratioLine } from '../report.ts';
import { interleaved, load, withServer } from '../rounds.ts';

const WARM_UP = 3000;

/** One alert a request over 64 connections: what the entrance costs above bare Express, and durability above that. */
export async function oneAlert(): Promise<readonly Line[]> {
  const { bare, reference, durable } = await interleaved({
    bare: () => perSecond('bare-express', 15_000),
    reference: () => perSecond('reference', 15_000),
    durable: () => perSecond('zhiban', 8000),
  });
  return [
    ratioLine('entrance without storage against bare Express', reference, bare, 'requests/s', { atLeast: 0.6 }),
    ratioLine('durable, one alert a request', durable, reference, 'requests/s', { atLeast: 0.45 }),
  ];
}

const perSecond = (name: string, count: number): Promise<number> =>
  withServer(name, async (server) => {
    await load(server, { kind: 'new', alerts: 1, count: WARM_UP, from: 1_000_000 });
    return (await load(server, { kind: 'new', alerts: 1, count })).perSecond;
  });
