import { setTimeout as sleep } from 'node:timers/promises';
import { codeOf } from '../../../errors.ts';
import type { EpochMs } from '../../../types.ts';
import type { SocketDeps, Timings } from './socket-ports.ts';
import { type Watched, createWatch } from './socket-watch.ts';

/**
 * The client's own patience is two minutes between attempts, and some answers at the door make it retry silently for
 * ever (both from the platform's page): replaced after a minute, we are back sooner and know why not.
 */
const TIMINGS: Timings = { alarmAfterMs: 300_000, stuckAfterMs: 60_000, baseMs: 1000, capMs: 60_000, pollMs: 1000 };

export interface SupervisedSocket {
  readonly name: string;
  start(): Promise<void>;
  /** Closes the connection; resolves when nothing of it runs any more. */
  stop(): Promise<void>;
  connected(): boolean;
  /** Since when there is no connection, epoch ms. */
  downSince(): EpochMs | undefined;
}

/** Keeps one long connection up: replaces it when it gives up or gets stuck, and says so when it stays away. */
export function superviseSocket(deps: SocketDeps): SupervisedSocket {
  const timings = { ...TIMINGS, ...deps.timings };
  const watch = createWatch(deps, timings);
  const stopping = new AbortController();
  const { signal } = stopping;
  let running: Promise<void> = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;

  async function run(): Promise<void> {
    for (let failures = 0; !signal.aborted; failures += 1) {
      const { reason, wasConnected } = await session(deps, watch, signal);
      if (wasConnected) failures = 0;
      if (signal.aborted) return;
      const waitMs = Math.floor(deps.random() * Math.min(timings.capMs, timings.baseMs * 2 ** Math.min(failures, 16)));
      deps.log.warn({ action: 'socket_lost', channel: 'lark', reason, waitMs }, 'the long connection is opened again');
      await sleep(waitMs, undefined, { signal }).catch(() => undefined);
    }
  }

  return {
    name: 'lark-socket',
    start: async () => {
      timer = setInterval(watch.look, timings.pollMs).unref();
      running = run();
    },
    stop: async () => {
      stopping.abort();
      await running;
      clearInterval(timer);
    },
    connected: () => watch.downSince() === undefined,
    downSince: watch.downSince,
  };
}

interface Ended {
  /** The code of what failed, `failed`, `stuck` or `stopped`. */
  readonly reason: string;
  readonly wasConnected: boolean;
}

/** From opening until it has failed, is stuck or is not wanted any more; closed in any case. Never rejects. */
async function session({ open, clock, log }: SocketDeps, watch: Watch, signal: AbortSignal): Promise<Ended> {
  const { promise: over, resolve: end } = Promise.withResolvers<string>();
  const watched: Watched = { startedAt: clock.now(), wasConnected: false, end };
  const { look } = watch;
  const stop = (): void => end('stopped');
  signal.addEventListener('abort', stop, { once: true });
  const failed = (err: unknown): void => {
    log.warn({ action: 'socket_failed', channel: 'lark', err }, 'the long connection has given up');
    end(codeOf(err));
  };
  watch.follow(watched);
  let ended = false;
  const connect = async (): Promise<void> => {
    const socket = await open({ onReady: look, onReconnected: look, onReconnecting: look, onError: failed });
    // Opened too late to be wanted: two connections would share the events between them.
    if (ended) return socket.close();
    watched.socket = socket;
    look();
  };
  connect().catch(failed);
  const reason = await over;
  ended = true;
  signal.removeEventListener('abort', stop);
  watched.socket?.close();
  watch.unfollow(reason);
  return { reason, wasConnected: watched.wasConnected };
}

type Watch = ReturnType<typeof createWatch>;
