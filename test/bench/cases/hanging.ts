import { once } from 'node:events';
import { type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { runLoad } from '../load.ts';
import { type Line, ratioLine } from '../report.ts';
import { bindRooms } from '../rooms.ts';
import { interleaved, progress, withServer } from '../rounds.ts';
import type { Server } from '../server.ts';
import { buildRequests } from '../workload.ts';
import { ENVIRONMENT } from './first-card.ts';

const ROOMS = 100;
/** One room in so many hangs; which ones changes with each round, so that each time it comes unexpectedly. */
const ONE_IN = 5;
const RATE = 100;
const SECONDS = 6;
const WARM_UP_SECONDS = 6;
const ROUNDS = 7;
/** What the slowest cards are waited for. */
const PATIENCE_MS = 30_000;
const QUIET_MS = 1000;

type Hangs = (room: number) => boolean;

/**
 * First cards of rooms that answer, beside rooms of the same channel that never do, against the same rooms beside rooms
 * that answer. Two servers, each warm, take turns: a cold one's first seconds move a p99 more than anything else here.
 */
export async function hanging(): Promise<readonly Line[]> {
  const found = await withSide((reference) =>
    withSide(async (side) => {
      let round = 0;
      const turn = (which: Side, hang: boolean) => async (): Promise<number> => {
        const chosen = Math.floor(round++ / 2) % ONE_IN;
        return wave(which, SECONDS, (room) => room % ONE_IN === chosen, hang);
      };
      return interleaved({ answering: turn(reference, false), hanging: turn(side, true) }, ROUNDS);
    }),
  );
  const name = `first card beside ${ROOMS / ONE_IN} of ${ROOMS} rooms that hang, ${RATE} new incidents/s, p99`;
  return [ratioLine(name, found.hanging, found.answering, 'ms', { atMost: 1.2 })];
}

interface Side {
  readonly server: Server;
  readonly platform: Platform;
  sent: number;
}

async function withSide<T>(work: (side: Side) => Promise<T>): Promise<T> {
  const platform = await startPlatform();
  const warm = async (server: Server): Promise<T> => {
    await bindRooms(
      server.port,
      Array.from({ length: ROOMS }, (_, room) => `recorder:${room}`),
    );
    const side = { server, platform, sent: 0 };
    await wave(side, WARM_UP_SECONDS, () => false, false);
    return work(side);
  };
  try {
    return await withServer('zhiban', warm, { environment: { ...ENVIRONMENT, SINK_URL: platform.url } });
  } finally {
    platform.close();
  }
}

/** From the sender's 200 to the call that shows the card, p99 over the rooms that are not `chosen`; leaves nothing to do. */
async function wave(side: Side, seconds: number, chosen: Hangs, hang: boolean): Promise<number> {
  const { server, platform } = side;
  const [count, from] = [RATE * seconds, side.sent];
  side.sent += count;
  const hungBefore = platform.hung();
  platform.hangs(hang ? chosen : () => false);
  await server.loopP99Ms();
  const accepted: number[] = [];
  const requests = buildRequests('/api/alert', { kind: 'new', alerts: 1, rooms: ROOMS, count, from });
  const answered = (index: number): void => void (accepted[index] = performance.now());
  const { ok } = await runLoad({ port: server.port, connections: 32, rate: RATE, requests, answered });
  if (ok !== count) throw new Error(`${count - ok} requests failed`);
  const cards = accepted.map((at, index) => ({ at, number: from + index }));
  const others = cards.filter(({ number }) => !chosen(number % ROOMS));
  await platform.shown(others.map(({ number }) => number));
  const [hung, loop] = [platform.hung() - hungBefore, await server.loopP99Ms()];
  if (hang && hung < ROOMS / ONE_IN) throw new Error('the rooms did not hang: nothing was compared');
  platform.hangs(() => false);
  await platform.shown(cards.map(({ number }) => number));
  await platform.quiet();
  const latencies = others.map(({ at, number }) => Math.max(0, platform.shownAt(number) - at));
  latencies.sort((a, b) => a - b);
  const quantile = (share: number): number => latencies[Math.floor((latencies.length - 1) * share)] ?? Number.NaN;
  const figures = `p50 ${quantile(0.5).toFixed(1)}, p99 ${quantile(0.99).toFixed(1)}, loop ${loop.toFixed(1)} ms`;
  progress(`    ${figures}, ${hung} calls hung`);
  return quantile(0.99);
}

type Platform = Awaited<ReturnType<typeof startPlatform>>;

/** The recorder channel's platform: it answers at once, but for the rooms that hang. */
async function startPlatform() {
  let hangs: Hangs = () => false;
  let hung = 0;
  let calledAt = 0;
  const cards = new Map<number, number>();
  const answer = (body: string, response: ServerResponse): void => {
    calledAt = performance.now();
    const { room, title } = JSON.parse(body) as { readonly room: string; readonly title: string };
    if (hangs(Number(room))) {
      hung += 1;
      return;
    }
    const number = Number(/Bench(\d+)x0/.exec(title)?.[1]);
    if (!cards.has(number)) cards.set(number, calledAt);
    response.writeHead(200, { 'content-type': 'application/json' }).end(`{"ref":"m${number}"}`);
  };
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.once('end', () => answer(Buffer.concat(chunks).toString('utf8'), response));
  });
  server.keepAliveTimeout = 60_000;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const patiently = async (isReady: () => boolean): Promise<void> => {
    for (const from = performance.now(); !isReady() && performance.now() - from < PATIENCE_MS;) await sleep(20);
  };
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    hangs: (which: Hangs) => void (hangs = which),
    hung: () => hung,
    /** Never, for a card that was not shown. */
    shownAt: (number: number) => cards.get(number) ?? Number.POSITIVE_INFINITY,
    /** Waits until all of these were shown, or no longer. */
    shown: (numbers: readonly number[]) => patiently(() => numbers.every((number) => cards.has(number))),
    /** Waits until nobody called for a while. */
    quiet: () => patiently(() => performance.now() - calledAt > QUIET_MS),
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
