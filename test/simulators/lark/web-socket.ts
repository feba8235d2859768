import { createRequire } from 'node:module';
import type { IncomingMessage, Server } from 'node:http';

/** The little of `ws` that the simulator needs: the package carries no types of its own. */
export interface Socket {
  readonly readyState: number;
  send(data: Uint8Array): void;
  close(): void;
  terminate(): void;
  on(event: 'message', listener: (data: Buffer) => void): void;
  on(event: 'close' | 'error', listener: () => void): void;
}

interface SocketServer {
  on(event: 'connection', listener: (socket: Socket, request: IncomingMessage) => void): void;
  close(): void;
}

interface SocketServerOptions {
  readonly server: Server;
  readonly path: string;
  readonly verifyClient: (info: { readonly req: IncomingMessage }) => boolean;
}

const { WebSocketServer } = createRequire(import.meta.url)('ws') as {
  readonly WebSocketServer: new (options: SocketServerOptions) => SocketServer;
};

export const createSocketServer = (options: SocketServerOptions): SocketServer => new WebSocketServer(options);
