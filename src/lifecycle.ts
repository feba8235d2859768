import type { Log } from './telemetry/log.ts';

/** Something that runs between start and stop. */
export interface Service {
  readonly name: string;
  start(): Promise<void>;
  /** Finishes what it holds. `signal` aborts when the deadline has passed. */
  stop(signal: AbortSignal): Promise<void>;
}

/** How long everything together may take to finish after the first signal. */
const STOP_DEADLINE_MS = 15_000;

/** Starts services in order and stops them in reverse; a failed start stops what had started. */
export function createLifecycle(services: readonly Service[], log: Log) {
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
    const signal = AbortSignal.timeout(STOP_DEADLINE_MS);
    for (let service = running.pop(); service !== undefined; service = running.pop()) {
      try {
        await service.stop(signal);
      } catch (err) {
        log.error({ action: 'stop_failed', service: service.name, err }, 'a service did not stop cleanly');
      }
    }
  }

  return { start, stop };
}

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
