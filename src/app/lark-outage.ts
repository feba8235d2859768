import type { Log } from '../telemetry/log.ts';
import type { EpochMs } from '../types.ts';
import type { createOwnAlerts } from './own-alerts.ts';

export interface LarkOutageDeps {
  readonly own: Pick<ReturnType<typeof createOwnAlerts>, 'connectionDown' | 'connectionUp'>;
  readonly memory: { read(): Promise<string | undefined>; write(text: string): Promise<void> };
  readonly log: Log;
}

const DOWN = 'down';

/**
 * Reports the long connection's outages. That one was reported is remembered, since whoever mends the connection
 * restarts us, and the new process has to say that it is over. One after the other; neither throws.
 */
export function createLarkOutage({ own, memory, log }: LarkOutageDeps) {
  let last: Promise<void> = Promise.resolve();
  const then = (work: () => Promise<void>): Promise<void> =>
    (last = last
      .then(work)
      .catch((err: unknown) => log.error({ action: 'lark_outage_untold', err }, 'could not report the connection')));
  return {
    alarm: (outage: { readonly since: EpochMs; readonly reason: string }): Promise<void> =>
      then(async () => {
        await memory.write(DOWN);
        await own.connectionDown('lark', outage);
      }),
    /** Says nothing when nothing was reported. */
    recovered: (): Promise<void> =>
      then(async () => {
        if ((await memory.read()) !== DOWN) return;
        await own.connectionUp('lark');
        await memory.write('');
      }),
  };
}
