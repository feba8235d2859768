import type { Server } from 'node:http';
import { CONTROL, readFrame, writeFrame } from './frames.ts';
import { createSocketServer, type Socket } from './web-socket.ts';

/** Seconds, except the count, which is endless below 0. The vendor's client needs all four, in every answer. */
export interface ClientConfig {
  ReconnectCount: number;
  ReconnectInterval: number;
  ReconnectNonce: number;
  PingInterval: number;
}

export type PongForm = 'with-config' | 'empty' | 'none';

export interface Connections {
  readonly open: () => readonly Socket[];
  /** How many there ever were. */
  readonly opened: () => number;
  readonly config: ClientConfig;
  /** `none` leaves a half-open connection: it never answers and never closes. */
  pong: PongForm;
  readonly pings: () => number;
  onAck: (headers: Readonly<Record<string, string>>, payload: string) => void;
  /** Breaks every connection without a goodbye. */
  drop(): void;
  close(): void;
}

export const CONFIG: ClientConfig = {
  ReconnectCount: -1,
  ReconnectInterval: 120,
  ReconnectNonce: 30,
  PingInterval: 120,
};

/** The open long connections; who comes without a known ticket is turned away at the handshake. */
export function createConnections(
  server: Server,
  hasTicket: (ticket: string) => boolean,
  config: ClientConfig,
): Connections {
  let open: readonly Socket[] = [];
  let [opened, pings] = [0, 0];
  const socketServer = createSocketServer({
    server,
    path: '/ws/v2',
    verifyClient: ({ req }) => hasTicket(new URL(req.url ?? '/', 'http://x').searchParams.get('ticket') ?? ''),
  });
  const connections: Connections = {
    open: () => open,
    opened: () => opened,
    config,
    pong: 'with-config',
    pings: () => pings,
    onAck: () => undefined,
    drop: () => open.forEach((socket) => socket.terminate()),
    close: () => {
      connections.drop();
      socketServer.close();
    },
  };
  function receive(socket: Socket, data: Buffer): void {
    const { method, headers, payload } = readFrame(data);
    if (method !== CONTROL) return connections.onAck(headers, payload);
    if (headers['type'] !== 'ping') return undefined;
    pings += 1;
    if (connections.pong === 'none') return undefined;
    const body = connections.pong === 'empty' ? '' : JSON.stringify(config);
    return socket.send(writeFrame(CONTROL, { type: 'pong' }, Buffer.from(body)));
  }
  socketServer.on('connection', (socket) => {
    open = [...open, socket];
    opened += 1;
    const leave = (): void => void (open = open.filter((each) => each !== socket));
    socket.on('close', leave);
    socket.on('error', leave);
    socket.on('message', (data) => receive(socket, data));
  });
  return connections;
}
