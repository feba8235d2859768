import { installPeers, startHubot, startNodeRed } from '../peers.ts';
import { type Line, ratioLine } from '../report.ts';
import { interleaved, median, progress, withServer } from '../rounds.ts';
import type { Server } from '../server.ts';
import { requestsPerSecond } from '../throughput.ts';

/** Cards that were at the sink when the last request was answered, by who sent them, round by round. */
type Cards = Map<string, number[]>;

/**
 * Webhook → card → POST to one sink, ten thousand alerts in turn, each sent twice. The other two keep nothing: what they
 * hold when they die is gone. Ours acknowledges first and shows later, at the pace of a chat and a thousand incidents of
 * one room's minute by themselves, the rest in its storm; so the names of the lines say how far the cards were.
 */
export async function peers(): Promise<readonly Line[]> {
  const installed = await installPeers();
  const cards: Cards = new Map();
  const figures = await withServer('sink', (sink) => {
    const sinkUrl = `http://127.0.0.1:${sink.port}`;
    const environment = { SINK_URL: sinkUrl, DEFAULT_TARGET: 'recorder:ops', STORM_PER_MINUTE: '1000' };
    return interleaved({
      zhiban: () => withServer('zhiban', (server) => perSecond('zhiban', server, sinkUrl, cards), { environment }),
      'Node-RED': async () => ended(await startNodeRed(installed, sinkUrl), 'Node-RED', sinkUrl, cards),
      hubot: async () => ended(await startHubot(installed, sinkUrl), 'hubot', sinkUrl, cards),
    });
  });
  const { zhiban } = figures;
  const against = (name: 'Node-RED' | 'hubot', atLeast: number): Line => {
    const shown = `cards at the sink by the last answer: ${median(cards.get('zhiban') ?? [])} against ${median(cards.get(name) ?? [])}`;
    return ratioLine(`durable against the webhook of ${name} (${shown})`, zhiban, figures[name], 'requests/s', {
      atLeast,
    });
  };
  return [against('Node-RED', 2), against('hubot', 1.5)];
}

async function ended(server: Server, name: string, sinkUrl: string, cards: Cards): Promise<number> {
  try {
    return await perSecond(name, server, sinkUrl, cards);
  } finally {
    await server.end();
  }
}

async function perSecond(name: string, server: Server, sinkUrl: string, cards: Cards): Promise<number> {
  const before = await cardsAt(sinkUrl);
  const result = await requestsPerSecond(server, 'twice');
  const count = (await cardsAt(sinkUrl)) - before;
  cards.set(name, [...(cards.get(name) ?? []), count]);
  progress(`  ${name}: ${Math.round(result)} requests/s, ${count} cards at the sink when the last was answered`);
  return result;
}

async function cardsAt(sinkUrl: string): Promise<number> {
  const { taken } = (await (await fetch(sinkUrl)).json()) as { readonly taken: number };
  return taken;
}
