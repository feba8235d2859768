import { randomUUID } from 'node:crypto';
import { isJson, tryParse } from './answer.ts';
import type { Connections } from './connections.ts';
import type { Settings } from './deps.ts';
import type { Envelope } from './envelopes.ts';
import { eventFrames } from './frames.ts';
import type { Reply, Transport } from './transport.ts';

export interface SocketTransport extends Transport {
  /** Into how many frames the next events are cut. */
  parts: number;
}

/** Each event goes to one connection, chosen at random: there is no broadcast. */
export function createSocketTransport(
  connections: Connections,
  settings: Settings,
  now: () => number,
  random: () => number,
): SocketTransport {
  const waiting = new Map<string, (reply: Reply) => void>();
  connections.onAck = ({ message_id: id = '' }, payload) => waiting.get(id)?.(readAck(payload));

  function push(type: 'event' | 'card', envelope: Envelope): Promise<Reply> {
    const open = connections.open();
    const chosen = open[Math.floor(random() * open.length)];
    if (!chosen) return Promise.resolve({ ok: false, problem: 'no-address', status: 0 });
    const id = randomUUID();
    return new Promise((resolve) => {
      const timer = setTimeout(() => settle({ ok: false, problem: 'timeout', status: 0 }), settings.pushDeadlineMs);
      const settle = (reply: Reply): void => {
        clearTimeout(timer);
        waiting.delete(id);
        resolve(reply);
      };
      waiting.set(id, settle);
      for (const frame of eventFrames(type, id, JSON.stringify(envelope), transport.parts, now())) chosen.send(frame);
    });
  }

  const transport: SocketTransport = {
    name: 'socket',
    parts: 1,
    event: (envelope) => push('event', envelope),
    callback: (envelope) => push(settings.callbackFrames, envelope),
  };
  return transport;
}

/** `{"code":200[,"data":base64]}`; anything else means that the app could not take it. */
function readAck(payload: string): Reply {
  const ack = tryParse(payload);
  const code = isJson(ack) ? ack['code'] : undefined;
  if (!isJson(ack) || code !== 200)
    return { ok: false, problem: 'refused', status: typeof code === 'number' ? code : 0 };
  const data = ack['data'];
  return { ok: true, body: typeof data === 'string' ? Buffer.from(data, 'base64').toString('utf8') : undefined };
}
