import type { Log } from './telemetry/log.ts';

/** Something that runs between start and stop. */
export interface Service {
  readonly name: string;
  start(): Promise<void>;
  /** Finishes what it holds. `signal` aborts when the deadline has passed. */
  stop(signal: AbortSignal): Promise<void>;
}

/** After this the signal of `stop` aborts; with the last seconds of each service it stays within 15 s. */
const STOP_DEADLINE_MS = 12_000;
/** What a service that ignores the aborted signal still gets before the next one is stopped. */
const LAST_MS = 500;

/**
 * Starts services in order and stops them in reverse; a failed start stops what had started. Nobody is waited for
 * beyond the deadline: a platform that hangs must not keep the database from closing.
 */
export function createLifecycle(services: readonly Service[], log: Log, deadlineMs = STOP_DEADLINE_MS) {
  const running: Service[] = [];

  async function start(): Promise<void> {
    for (const service of services) {
      try {
        await service.start();
        running.push(service);
      } catch (err) {
        await stop();
        throw err;
      }
    }
  }

  async function stop(): Promise<void> {
    const signal = AbortSignal.timeout(deadlineMs);
    for (let service = running.pop(); service !== undefined; service = running.pop()) {
      try {
        await Promise.race([service.stop(signal), overdue(service.name, signal)]);
      } catch (err) {
        log.error({ action: 'stop_failed', service: service.name, err }, 'a service did not stop cleanly');
      }
    }
  }

  return { start, stop };
}

/** Rejects a while after the deadline. */
const overdue = (name: string, signal: AbortSignal): Promise<never> =>
  new Promise((_resolve, reject) => {
    const last = (): void => {
      setTimeout(() => reject(new Error(`${name} was not done by the deadline`)), LAST_MS).unref();
    };
    if (signal.aborted) last();
    else signal.addEventListener('abort', last, { once: true });
  });

/** A loop that runs until its signal aborts; stopping waits for it to return. */
export function background(name: string, run: (signal: AbortSignal) => Promise<void>): Service {
  const controller = new AbortController();
  let finished: Promise<void> = Promise.resolve();
  return {
    name,
    start: async () => {
      finished = run(controller.signal);
      finished.catch(() => undefined);
    },
    stop: async () => {
      controller.abort();
      await finished;
    },
  };
}

/** Exit code of sysexits(3) for a disk or file that failed. */
const EX_IOERR = 74;
/** For the refusals of what still waits to leave; nothing is accepted any more. */
const LAST_WORDS_MS = 200;

/** Ends the process, so that a supervisor starts it again: what is lost works in a new process only. */
export function exitBroken(log: Log): void {
  log.fatal({ action: 'exiting', code: EX_IOERR }, 'the storage is lost to this process; it must be started again');
  setTimeout(() => process.exit(EX_IOERR), LAST_WORDS_MS);
}

/** First signal: `stop`, then exit 0. Second: exit at once. */
export function stopOnSignals(stop: () => Promise<void>, log: Log): void {
  let stopping = false;
  const receive = (signal: NodeJS.Signals): void => {
    if (stopping) process.exit(130);
    stopping = true;
    log.info({ action: 'stopping', signal }, 'stopping; a second signal exits at once');
    void stop().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  process.on('SIGTERM', receive);
  process.on('SIGINT', receive);
}
