import type { EpochMs } from '../../../types.ts';
import { listOf, stringOf, within } from '../wire.ts';
import type { Item } from './cluster.ts';
import { conditionsOf, numberOf, said, timeOf } from './object.ts';

export interface Exit {
  readonly reason: string;
  readonly code: number;
  readonly message: string;
  readonly at: EpochMs;
  readonly startedAt: EpochMs;
}

export interface ContainerState {
  readonly name: string;
  readonly ready: boolean;
  readonly restarts: number;
  readonly state: 'running' | 'waiting' | 'terminated' | 'unknown';
  /** Of waiting. */
  readonly reason: string;
  readonly message: string;
  /** Of terminated, else of the last one that ended. */
  readonly exit?: Exit;
}

export const containerStates = (pod: Item): readonly ContainerState[] =>
  [
    ...listOf(within(pod, 'status', 'initContainerStatuses')),
    ...listOf(within(pod, 'status', 'containerStatuses')),
  ].map((status) => {
    const terminated = within(status, 'state', 'terminated');
    const waiting = within(status, 'state', 'waiting');
    const running = within(status, 'state', 'running');
    const exit = terminated ?? within(status, 'lastState', 'terminated');
    const state =
      waiting !== undefined
        ? 'waiting'
        : terminated !== undefined
          ? 'terminated'
          : running === undefined
            ? 'unknown'
            : 'running';
    return {
      name: stringOf(within(status, 'name')),
      ready: within(status, 'ready') === true,
      restarts: numberOf(within(status, 'restartCount')),
      state,
      reason: said(within(waiting, 'reason'), 80),
      message: said(within(waiting, 'message'), 400),
      ...(exit === undefined ? {} : { exit: exitOf(exit) }),
    };
  });

const exitOf = (exit: unknown): Exit => ({
  reason: said(within(exit, 'reason'), 80),
  code: numberOf(within(exit, 'exitCode')),
  message: said(within(exit, 'message'), 400),
  at: timeOf(within(exit, 'finishedAt')),
  startedAt: timeOf(within(exit, 'startedAt')),
});

const STARTING = new Set(['ContainerCreating', 'PodInitializing', '']);
const RECENT_MS = 60 * 60_000;

export interface Trouble {
  /** In the API's words: `CrashLoopBackOff`, `OOMKilled`, `Unschedulable`, `Evicted`, … */
  readonly word: string;
  /** The higher the worse. */
  readonly weight: number;
}

/** What is wrong with a pod, if anything is. */
export function troubleOf(pod: Item, startedAt: EpochMs): Trouble | undefined {
  const phase = stringOf(within(pod, 'status', 'phase'));
  const states = containerStates(pod);
  const waiting = states.find(({ state, reason }) => state === 'waiting' && !STARTING.has(reason));
  if (waiting !== undefined) return { word: waiting.reason, weight: 6 };
  const failed = states.find(({ state, exit }) => state === 'terminated' && exit !== undefined && exit.code !== 0);
  if (failed?.exit !== undefined) return { word: failed.exit.reason || `exit ${failed.exit.code}`, weight: 5 };
  if (phase === 'Failed') return { word: said(within(pod, 'status', 'reason'), 60) || 'Failed', weight: 5 };
  if (phase === 'Pending') return { word: pendingWord(pod), weight: 4 };
  const ended = states.find(({ exit }) => exit !== undefined && exit.code !== 0 && exit.at >= startedAt - RECENT_MS);
  if (ended?.exit !== undefined) return { word: ended.exit.reason || `exit ${ended.exit.code}`, weight: 3 };
  const unready = conditionsOf(pod).find(({ type, status }) => type === 'Ready' && status !== 'True');
  return unready !== undefined && phase === 'Running' ? { word: 'NotReady', weight: 2 } : undefined;
}

function pendingWord(pod: Item): string {
  const scheduled = conditionsOf(pod).find(({ type }) => type === 'PodScheduled');
  return scheduled !== undefined && scheduled.status !== 'True' ? scheduled.reason || 'Unschedulable' : 'Pending';
}
