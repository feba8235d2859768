import { installPeers, startHubot, startNodeRed } from '../peers.ts';
import { type Line, ratioLine } from '../report.ts';
import { interleaved, load, progress, withServer } from '../rounds.ts';
import type { Server } from '../server.ts';

const COUNT = 6000;
const WARM_UP = 2000;

/** Webhook → card → POST to one sink. The other two keep nothing: what they hold when they die is gone. */
export async function peers(): Promise<readonly Line[]> {
  const installed = await installPeers();
  const figures = await withServer('sink', (sink) => {
    const sinkUrl = `http://127.0.0.1:${sink.port}`;
    const environment = { SINK_URL: sinkUrl, DEFAULT_TARGET: 'recorder:ops', STORM_PER_MINUTE: '100000' };
    return interleaved({
      zhiban: () => withServer('zhiban', (server) => perSecond('zhiban', server, sinkUrl), { environment }),
      'Node-RED': async () => ended(await startNodeRed(installed, sinkUrl), 'Node-RED', sinkUrl),
      hubot: async () => ended(await startHubot(installed, sinkUrl), 'hubot', sinkUrl),
    });
  });
  const { zhiban, hubot } = figures;
  return [
    ratioLine('durable against the webhook of Node-RED', zhiban, figures['Node-RED'], 'requests/s', { atLeast: 2 }),
    ratioLine('durable against the webhook of hubot', zhiban, hubot, 'requests/s', { atLeast: 1.5 }),
  ];
}

async function ended(server: Server, name: string, sinkUrl: string): Promise<number> {
  try {
    return await perSecond(name, server, sinkUrl);
  } finally {
    await server.end();
  }
}

async function perSecond(name: string, server: Server, sinkUrl: string): Promise<number> {
  await load(server, { kind: 'new', alerts: 1, count: WARM_UP, from: 1_000_000 });
  const before = await cardsAt(sinkUrl);
  const result = await load(server, { kind: 'new', alerts: 1, count: COUNT });
  const cards = (await cardsAt(sinkUrl)) - before;
  progress(
    `  ${name}: ${Math.round(result.perSecond)} requests/s, ${cards} cards at the sink when the last was answered`,
  );
  return result.perSecond;
}

async function cardsAt(sinkUrl: string): Promise<number> {
  const { taken } = (await (await fetch(sinkUrl)).json()) as { readonly taken: number };
  return taken;
}
