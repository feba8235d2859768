import { type Line, ratioLine } from '../report.ts';
import { interleaved, load, withServer } from '../rounds.ts';
import type { Workload } from '../workload.ts';

const FAR = 1_000_000;
const DISTINCT = 20;

/** A hundred alerts a request: parsing grows with them and so does storing. */
export async function hundredAlerts(): Promise<readonly Line[]> {
  const figures = await interleaved({
    reference: () => perSecond('reference', 'new', 600),
    incidents: () => perSecond('zhiban', 'new', 80),
    groups: () => perSecond('zhiban', 'group', 160),
    repeats: () => perSecond('zhiban', 'repeat', 300),
  });
  const { reference, incidents, groups, repeats } = figures;
  return [
    ratioLine('durable, 100 alerts a request, 100 new incidents', incidents, reference, 'requests/s', { atLeast: 0.1 }),
    ratioLine('durable, 100 alerts a request, one new incident', groups, reference, 'requests/s', { atLeast: 0.2 }),
    ratioLine('durable, 100 alerts a request, repeats', repeats, reference, 'requests/s', { atLeast: 0.35 }),
  ];
}

const perSecond = (name: string, kind: Workload['kind'], count: number): Promise<number> =>
  withServer(name, async (server) => {
    // Repeats must find what they repeat; everything else must not.
    const warmUp = { kind, alerts: 100, count: 40, distinct: DISTINCT, from: kind === 'repeat' ? 0 : FAR };
    await load(server, warmUp, { connections: 16 });
    const workload = { kind, alerts: 100, count, distinct: DISTINCT };
    return (await load(server, workload, { connections: 16 })).perSecond;
  });
