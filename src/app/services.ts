import type { Config } from '../config.ts';
import type { Delivery } from '../delivery/delivery.ts';
import { type Service, background, createLifecycle } from '../lifecycle.ts';
import type { Log } from '../telemetry/log.ts';
import type { Entrance } from './entrance.ts';
import type { createJobs } from './jobs.ts';
import type { LarkEars } from './lark-ears.ts';
import type { Storage } from './storage.ts';

export interface ServicesDeps {
  readonly config: Pick<Config, 'HOST' | 'PORT'>;
  readonly log: Log;
  readonly storage: Pick<Storage, 'committer' | 'database' | 'keepTime' | 'keepSecrets'>;
  readonly delivery: Pick<Delivery, 'run'>;
  readonly jobs: Pick<ReturnType<typeof createJobs>, 'run'>;
  readonly entrance: Pick<Entrance, 'listen' | 'close'>;
  readonly lark: Pick<LarkEars, 'services'> | undefined;
}

/** All that runs, in the order in which it starts: nothing is taken in before there is somebody to work on it. */
export function createServices({ config, log, storage, delivery, jobs, entrance, lark }: ServicesDeps) {
  let port = config.PORT;
  const listening: Service = {
    name: 'http',
    start: async () => {
      ({ port } = await entrance.listen(config.HOST, config.PORT));
    },
    stop: entrance.close,
  };
  const services = [
    databaseService(storage),
    ...(storage.keepTime === undefined ? [] : [background('clock', storage.keepTime)]),
    background('secrets', storage.keepSecrets),
    background('delivery', delivery.run),
    background('jobs', jobs.run),
    listening,
    ...(lark?.services ?? []),
  ];
  const { start, stop } = createLifecycle(services, log);
  return {
    /** Resolves once requests are taken. */
    start: async (): Promise<{ readonly port: number }> => {
      await start();
      return { port };
    },
    stop,
  };
}

/** Open since it was made; stopped last, when nothing writes any more. */
const databaseService = ({ committer, database }: ServicesDeps['storage']): Service => ({
  name: 'database',
  start: async () => undefined,
  stop: async () => {
    await committer.drain();
    await database.close();
  },
});
