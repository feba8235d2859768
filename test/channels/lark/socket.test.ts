import { type Server, createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import protobuf from 'protobufjs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type LarkSocket, type LarkSocketDeps, openSocket } from '../../../src/channels/lark/sdk.ts';
import { PlatformUnavailable } from '../../../src/errors.ts';
import { createLog } from '../../../src/telemetry/log.ts';

/** The little of `ws` that is used here: the package carries no types. */
interface Line {
  readonly readyState: number;
  send(data: Uint8Array): void;
  terminate(): void;
  on(event: 'message', listener: (data: Buffer) => void): void;
}
const { WebSocketServer } = createRequire(import.meta.url)('ws') as {
  readonly WebSocketServer: new (options: { readonly server: Server }) => {
    on(event: 'connection', listener: (line: Line) => void): void;
    close(): void;
  };
};

const Frame = protobuf
  .parse(
    `syntax = "proto2";
     message Header { required string key = 1; required string value = 2; }
     message Frame { required uint32 SeqID = 1; required uint32 LogID = 2; required int32 service = 3;
       required int32 method = 4; repeated Header headers = 5; optional bytes payload = 8; }`,
    { keepCase: true },
  )
  .root.lookupType('Frame');

const CLIENT_CONFIG = { ReconnectCount: -1, ReconnectInterval: 1, ReconnectNonce: 0, PingInterval: 60 };

/** The door and the line of the long connection, without any of the platform's manners. */
async function openPlatform() {
  const server = createServer((request, response) => {
    request.resume();
    response.writeHead(door.status, { 'content-type': 'application/json' });
    const { port } = server.address() as AddressInfo;
    const URL = `ws://127.0.0.1:${port}/ws?fpid=1&device_id=1&ticket=ticket-nobody-may-read&service_id=7`;
    response.end(JSON.stringify(door.body ?? { code: 0, msg: '', data: { URL, ClientConfig: CLIENT_CONFIG } }));
  });
  const door: { status: number; body?: unknown } = { status: 200 };
  const sockets: Line[] = [];
  const answers: { headers: Record<string, string>; payload: { code: number; data?: string } }[] = [];
  const line = new WebSocketServer({ server });
  line.on('connection', (socket) => {
    sockets.push(socket);
    socket.on('message', (bytes: Buffer) => {
      const frame = Frame.toObject(Frame.decode(bytes), { bytes: Buffer }) as {
        method: number;
        headers: readonly { key: string; value: string }[];
        payload?: Buffer;
      };
      if (frame.method !== 1) return;
      answers.push({
        headers: Object.fromEntries(frame.headers.map(({ key, value }) => [key, value])),
        payload: JSON.parse(frame.payload?.toString() ?? '') as { code: number },
      });
    });
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    door,
    sockets,
    answers,
    push: (type: string, payload: object) => {
      const headers = Object.entries({ type, message_id: 'm1', sum: '1', seq: '0', trace_id: 't1' });
      const list = headers.map(([key, value]) => ({ key, value }));
      const body = {
        SeqID: 1,
        LogID: 1,
        service: 7,
        method: 1,
        headers: list,
        payload: Buffer.from(JSON.stringify(payload)),
      };
      sockets.at(-1)?.send(Frame.encode(body).finish());
    },
    close: async () => {
      for (const socket of sockets) socket.terminate();
      line.close();
      server.closeAllConnections();
      await new Promise((resolve) => void server.close(resolve));
    },
  };
}

type Platform = Awaited<ReturnType<typeof openPlatform>>;

describe('the long connection', () => {
  let line: Platform;
  let lines: string[];
  const open: LarkSocket[] = [];
  beforeEach(async () => {
    line = await openPlatform();
    lines = [];
  });
  afterEach(async () => {
    for (const socket of open.splice(0)) socket.close();
    await line.close();
  });

  const connect = async (more: Partial<LarkSocketDeps> = {}): Promise<LarkSocket> => {
    const socket = await openSocket({
      appId: 'cli_0123456789abcdef',
      appSecret: 'app-secret-nobody-may-read',
      domain: line.url,
      log: createLog('trace', [], { write: (said: string) => void lines.push(said) }),
      dispatch: async () => ({}),
      ...more,
    });
    open.push(socket);
    return socket;
  };
  const until = (check: () => boolean) =>
    vi.waitFor(() => expect(check()).toBe(true), { timeout: 20_000, interval: 10 });

  it.each(['event', 'card'])(
    'hands over an envelope of type %s as it came, and answers with what was made of it',
    async (type) => {
      const heard: unknown[] = [];
      const dispatch = async (payload: unknown) => {
        heard.push(payload);
        return { toast: { type: 'success', content: '好' } };
      };
      const socket = await connect({ dispatch });
      await until(() => socket.state() === 'connected');
      const envelope = {
        schema: '2.0',
        header: { token: 'v', event_type: 'card.action.trigger' },
        event: { token: 'c-1' },
      };
      line.push(type, envelope);
      await until(() => line.answers.length === 1);
      expect(heard).toEqual([envelope]);
      const [answer] = line.answers;
      expect(answer).toMatchObject({ headers: { message_id: 'm1' }, payload: { code: 200 } });
      expect(JSON.parse(Buffer.from(answer?.payload.data ?? '', 'base64').toString())).toEqual({
        toast: { type: 'success', content: '好' },
      });
    },
  );

  it('answers that it failed when what listens throws, so that the event comes again', async () => {
    const socket = await connect({ dispatch: () => Promise.reject(new Error('the database is locked')) });
    await until(() => socket.state() === 'connected');
    line.push('event', { schema: '2.0' });
    await until(() => line.answers.length === 1);
    expect(line.answers[0]?.payload.code).toBe(500);
  });

  it('tells when it is there, lost and there again', async () => {
    const told: string[] = [];
    await connect({
      onReady: () => void told.push('ready'),
      onReconnecting: () => void told.push('reconnecting'),
      onReconnected: () => void told.push('reconnected'),
    });
    await until(() => told.includes('ready'));
    line.sockets[0]?.terminate();
    await until(() => told.includes('reconnected'));
    expect(told).toEqual(['ready', 'reconnecting', 'reconnected']);
  });

  it('tells when the platform refuses it for good', async () => {
    line.door.body = { code: 1000040350, msg: 'too many connections', data: {} };
    const errors: Error[] = [];
    const socket = await connect({ onError: (error) => void errors.push(error) });
    await until(() => errors.length === 1);
    expect(socket.state()).toBe('failed');
    expect(errors[0]?.message).toContain('1000040350');
  });

  it('keeps trying when its door answers an HTTP error', async () => {
    line.door.status = 500;
    line.door.body = { code: 1, msg: 'busy' };
    const socket = await connect();
    await until(() => lines.some((said) => said.includes('HTTP 500')));
    expect(socket.state()).toBe('connecting');
  });

  it('is not even tried with an id that is none: the SDK would only log that', async () => {
    await expect(connect({ appId: 'cli_short' })).rejects.toThrow(PlatformUnavailable);
    await expect(connect({ appId: 'cli_short' })).rejects.toThrow('LARK_APP_ID');
  });

  it('is gone at once when it is closed', async () => {
    const socket = await connect();
    await until(() => socket.state() === 'connected');
    socket.close();
    await until(() => line.sockets[0]?.readyState === 3);
    expect(socket.state()).toBe('idle');
  });

  it('writes no secret, ticket or message into the log', async () => {
    const socket = await connect({
      dispatch: () => Promise.reject(new Error('failed with ticket=ticket-nobody-may-read')),
    });
    await until(() => socket.state() === 'connected');
    line.push('event', { said: 'body-nobody-may-read' });
    await until(() => line.answers.length === 1);
    expect(lines.join('\n')).toContain('lark_client');
    expect(lines.join('\n')).not.toContain('nobody-may-read');
  });
});
