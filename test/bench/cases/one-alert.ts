import { type Line, ratioLine } from '../report.ts';
import { interleaved, load, withServer } from '../rounds.ts';
import { type Workload, recurring } from '../workload.ts';

const WARM_UP = 3000;
const COUNT = 20_000;

/** One alert a request over 64 connections: what the entrance costs above bare Express, and durability above that. */
export async function oneAlert(): Promise<readonly Line[]> {
  const fresh = { kind: 'new', alerts: 1, count: COUNT } as const;
  const { bare, reference, durable, incidents } = await interleaved({
    bare: () => perSecond('bare-express', fresh),
    reference: () => perSecond('reference', fresh),
    durable: () => perSecond('zhiban', recurring(COUNT)),
    incidents: () => perSecond('zhiban', fresh),
  });
  const atLeast = 0.45;
  return [
    ratioLine('entrance without storage against bare Express', reference, bare, 'requests/s', { atLeast: 0.6 }),
    ratioLine('durable, one alert a request, 10,000 alerts in turn', durable, reference, 'requests/s', { atLeast }),
    ratioLine('durable, one alert a request, each a new incident', incidents, reference, 'requests/s', { atLeast }),
  ];
}

const perSecond = (name: string, workload: Workload): Promise<number> =>
  withServer(name, async (server) => {
    await load(server, { kind: 'new', alerts: 1, count: WARM_UP, from: 1_000_000 });
    return (await load(server, workload)).perSecond;
  });
