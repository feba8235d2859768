import type { Log } from '../../../telemetry/log.ts';
import type { Clock, EpochMs } from '../../../types.ts';

/** What the connection tells about itself. */
export interface SocketHooks {
  readonly onReady: () => void;
  readonly onReconnected: () => void;
  readonly onReconnecting: () => void;
  /** It has given up and will not try again by itself. */
  readonly onError: (error: Error) => void;
}

/** One long connection, connected or trying to be. */
export interface Socket {
  /** `connected` is the only state in which events arrive; `failed` is never left. */
  state(): string;
  /** At once. */
  close(): void;
}

export interface SocketDeps {
  /** Opens a connection; resolves before it is connected. Called again only after the one before was closed. */
  readonly open: (hooks: SocketHooks) => Promise<Socket>;
  /** Told at every change: the gauge `channel_connected`. */
  readonly connected: (connected: boolean) => void;
  /** Told once per outage, when it has lasted `alarmAfterMs`. `reason`: the code of the last failure, or `stuck`. */
  readonly alarm: (outage: { readonly since: EpochMs; readonly reason: string }) => void;
  /** Told when an outage that raised the alarm is over, and at the first connection. */
  readonly recovered: () => void;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Log;
  readonly timings?: Partial<Timings>;
}

/** All in ms. */
export interface Timings {
  readonly alarmAfterMs: number;
  /** A connection that has not been connected for this long is replaced by a new one. */
  readonly stuckAfterMs: number;
  /** Backoff between two connections: full jitter below `baseMs` · 2^attempt, at most `capMs`. */
  readonly baseMs: number;
  readonly capMs: number;
  readonly pollMs: number;
}
