import type { EpochMs } from '../../../types.ts';
import type { Socket, SocketDeps, Timings } from './socket-ports.ts';

/** One connection's time under watch. */
export interface Watched {
  readonly startedAt: EpochMs;
  socket?: Socket;
  wasConnected: boolean;
  /** Ends it; the reason is for the log. */
  readonly end: (reason: string) => void;
}

/** Looks at the connection of the moment, tells its changes, and ends it when nothing comes of it. */
export function createWatch(deps: SocketDeps, timings: Timings) {
  const { clock } = deps;
  const health = createHealth(deps, timings.alarmAfterMs);
  let current: Watched | undefined;

  function look(): void {
    const state = current?.socket?.state();
    health.tell(state === 'connected');
    if (current === undefined) return;
    if (state === 'connected') current.wasConnected = true;
    else if (state === 'failed') current.end('failed');
    else if (clock.now() - Math.max(current.startedAt, health.downSince() ?? 0) >= timings.stuckAfterMs)
      current.end('stuck');
  }

  return {
    look,
    downSince: health.downSince,
    follow(watched: Watched): void {
      current = watched;
      look();
    },
    unfollow(reason: string): void {
      current = undefined;
      look();
      health.failed(reason);
    },
  };
}

/** Whether we are connected, since when not, and whether somebody has been told. */
function createHealth(deps: SocketDeps, alarmAfterMs: number) {
  const { clock, log } = deps;
  let since: EpochMs | undefined = clock.now();
  let reason = 'connecting';
  let alarmed = false;
  // The process before us may have raised the alarm and not lived to see its end.
  let first = true;
  deps.connected(false);

  function turn(connected: boolean): void {
    since = connected ? undefined : clock.now();
    reason = 'disconnected';
    deps.connected(connected);
    log.info({ action: connected ? 'socket_connected' : 'socket_disconnected', channel: 'lark' }, 'long connection');
    if (connected && (alarmed || first)) deps.recovered();
    if (connected) first = false;
    alarmed = false;
  }

  return {
    downSince: () => since,
    failed(why: string): void {
      reason = why;
    },
    tell(connected: boolean): void {
      if (connected === (since !== undefined)) turn(connected);
      if (since === undefined || alarmed || clock.now() - since < alarmAfterMs) return;
      alarmed = true;
      log.error({ action: 'socket_down', channel: 'lark', reason, since }, 'the long connection stays away');
      deps.alarm({ since, reason });
    },
  };
}
