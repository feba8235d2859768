import { type Line, ratioLine } from '../report.ts';
import { interleaved, withServer } from '../rounds.ts';
import { requestsPerSecond } from '../throughput.ts';
import type { Workload } from '../workload.ts';

/** One alert a request over 64 connections: what the entrance costs above bare Express, and durability above that. */
export async function oneAlert(): Promise<readonly Line[]> {
  const { bare, reference, durable, incidents } = await interleaved({
    bare: () => perSecond('bare-express', 'new'),
    reference: () => perSecond('reference', 'new'),
    durable: () => perSecond('zhiban', 'twice'),
    incidents: () => perSecond('zhiban', 'new'),
  });
  const atLeast = 0.45;
  return [
    ratioLine('entrance without storage against bare Express', reference, bare, 'requests/s', { atLeast: 0.6 }),
    ratioLine('durable, one alert a request, each sent twice', durable, reference, 'requests/s', { atLeast }),
    ratioLine('durable, one alert a request, each a new incident', incidents, reference, 'requests/s', { atLeast }),
  ];
}

const perSecond = (name: string, kind: Workload['kind']): Promise<number> =>
  withServer(name, (server) => requestsPerSecond(server, kind));
