import { afterEach, describe, expect, it } from 'vitest';
import { type SupervisedSocket, superviseSocket } from '../../../../src/channels/lark/inbound/socket.ts';
import type { Socket, SocketHooks, Timings } from '../../../../src/channels/lark/inbound/socket-ports.ts';
import type { Log } from '../../../../src/telemetry/log.ts';

const nothing = (): void => undefined;
const log = { info: nothing, warn: nothing, error: nothing } as unknown as Log;
let supervised: SupervisedSocket;
afterEach(() => supervised.stop());

interface FakeSocket extends Socket {
  now: string;
  readonly hooks: SocketHooks;
  closed: number;
}

/** A platform in memory: every socket opened, and what was told about them. */
async function start(timings: Partial<Timings> = {}, open?: (attempt: number) => Promise<void>) {
  const sockets: FakeSocket[] = [];
  const told: string[] = [];
  let openNow = 0;
  let attempts = 0;
  supervised = superviseSocket({
    open: async (hooks) => {
      attempts += 1;
      await open?.(attempts);
      openNow += 1;
      expect(openNow).toBe(1);
      const socket: FakeSocket = {
        now: 'connecting',
        hooks,
        closed: 0,
        state: () => socket.now,
        close: () => {
          socket.closed += 1;
          openNow -= 1;
        },
      };
      sockets.push(socket);
      return socket;
    },
    connected: (connected) => told.push(connected ? 'up' : 'down'),
    alarm: ({ reason }) => told.push(`alarm ${reason}`),
    recovered: () => told.push('recovered'),
    clock: Date,
    random: () => 0.5,
    log,
    timings: { alarmAfterMs: 60_000, stuckAfterMs: 60_000, baseMs: 4, capMs: 20, pollMs: 5, ...timings },
  });
  await supervised.start();
  const connect = async (index: number): Promise<FakeSocket> => {
    await expect.poll(() => sockets.length, { interval: 2 }).toBeGreaterThan(index);
    const socket = sockets[index] as FakeSocket;
    socket.now = 'connected';
    socket.hooks.onReady();
    return socket;
  };
  return { sockets, told, connect, attempts: () => attempts };
}

describe('the supervised connection', () => {
  it('tells that it is up, and that what an earlier process may have said is over', async () => {
    const { told, connect } = await start();
    expect([supervised.connected(), told]).toEqual([false, ['down']]);
    await connect(0);
    expect([supervised.connected(), supervised.downSince(), told]).toEqual([
      true,
      undefined,
      ['down', 'up', 'recovered'],
    ]);
  });

  it('is replaced when it gives up, and the old one is closed before', async () => {
    const { told, connect, sockets } = await start();
    const first = await connect(0);
    first.now = 'failed';
    first.hooks.onError(new Error('1000040350'));
    await connect(1);
    expect(first.closed).toBe(1);
    expect(sockets).toHaveLength(2);
    expect(told).toEqual(['down', 'up', 'recovered', 'down', 'up']);
  });

  it('is replaced when it fails without a word', async () => {
    const { connect } = await start();
    const first = await connect(0);
    first.now = 'failed';
    await connect(1);
    expect(first.closed).toBe(1);
  });

  it('is opened again and again while it cannot be opened', async () => {
    const { connect, attempts } = await start({}, async (attempt) => {
      if (attempt < 4) throw new Error('no network');
    });
    await connect(0);
    expect(attempts()).toBe(4);
  });

  it('may reconnect by itself in the meantime', async () => {
    const { connect, told, sockets } = await start();
    const socket = await connect(0);
    socket.now = 'reconnecting';
    socket.hooks.onReconnecting();
    expect(supervised.connected()).toBe(false);
    socket.now = 'connected';
    socket.hooks.onReconnected();
    expect(sockets).toHaveLength(1);
    expect(told).toEqual(['down', 'up', 'recovered', 'down', 'up']);
  });

  it('is replaced when it gets stuck, on its way up or in the middle', async () => {
    const { connect, sockets } = await start({ stuckAfterMs: 30 });
    const second = await connect(1);
    expect(sockets[0]?.closed).toBe(1);
    second.now = 'reconnecting';
    await connect(2);
    expect(second.closed).toBe(1);
  });

  it('never shares events with one that opened too late', async () => {
    const gate = Promise.withResolvers<void>();
    const { sockets, attempts } = await start(
      { stuckAfterMs: 20, capMs: 100_000, baseMs: 200_000 },
      () => gate.promise,
    );
    await new Promise((resolve) => setTimeout(resolve, 60));
    gate.resolve();
    await expect.poll(() => sockets[0]?.closed).toBe(1);
    expect(attempts()).toBe(1);
  });

  it('raises the alarm once per outage, and tells when it is over', async () => {
    const { connect, told } = await start({ alarmAfterMs: 40 });
    await expect.poll(() => told, { interval: 2 }).toContain('alarm connecting');
    await new Promise((resolve) => setTimeout(resolve, 60));
    const first = await connect(0);
    expect(told).toEqual(['down', 'alarm connecting', 'up', 'recovered']);
    first.now = 'reconnecting';
    await expect.poll(() => told.length, { interval: 2 }).toBe(6);
    expect(told.slice(4)).toEqual(['down', 'alarm disconnected']);
  });

  it('stops at once, whatever it waits for', async () => {
    const { connect, told } = await start({ baseMs: 1e6, capMs: 1e6 });
    const socket = await connect(0);
    await supervised.stop();
    expect([socket.closed, told.at(-1)]).toEqual([1, 'down']);
    const second = await start({ baseMs: 1e6, capMs: 1e6 }, () => Promise.reject(new Error('no')));
    await expect.poll(second.attempts).toBe(1);
    await supervised.stop();
  });
});
