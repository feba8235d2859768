import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { Replicas } from '../support/replicas.ts';
import type { Random } from './random.ts';
import { BURST_ROOM, ROOMS } from './senders.ts';

/** At least this far before the end no room goes, so that it can be found alive again. */
const LAST_GONE_MS = 100_000;
const FINE = { perMinute: 0, hang: [], drop: [], gone: [] };

/** What goes wrong besides the load: the platform, the processes, the database's connections. */
export function createWeather({ replicas, orders }: Replicas, random: Random, databaseUrl?: string) {
  const counts = { kills: 0, stops: 0, terminated: 0, gone: 0 };
  const pause = (ms: number, signal: AbortSignal): Promise<void> =>
    sleep(ms, undefined, { signal }).catch(() => undefined);

  async function platform(endsAt: number, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const kinds = ['throttle', 'hang', 'drop', ...(Date.now() < endsAt - LAST_GONE_MS ? ['gone'] : [])];
      const kind = random.pick(kinds);
      const room = random.pick([...ROOMS, BURST_ROOM]);
      if (kind === 'throttle') await orders({ perMinute: random.between(10, 60), retryAfterSeconds: 2 });
      if (kind === 'hang') await orders({ hang: [room] });
      if (kind === 'drop') await orders({ drop: [room] });
      if (kind === 'gone') {
        counts.gone += 1;
        await orders({ gone: [random.pick(ROOMS.slice(1))] });
      }
      await pause(random.between(2000, 8000), signal);
      await orders(FINE);
      await pause(random.between(1000, 6000), signal);
    }
  }

  async function processes(everyMs: number, signal: AbortSignal): Promise<void> {
    for (;;) {
      await pause(random.between(everyMs * 0.5, everyMs * 1.5), signal);
      if (signal.aborted) return;
      const one = random.pick(replicas);
      if (replicas.length > 1 && random.next() < 0.3) {
        counts.stops += 1;
        one.signal('SIGSTOP');
        await pause(random.between(5000, 40_000), signal);
        one.signal('SIGCONT');
      } else {
        counts.kills += 1;
        await one.kill();
        await pause(random.between(0, 1500), signal);
        await one.start();
      }
    }
  }

  /** As a database does that restarts, or a firewall that forgets. */
  async function connections(signal: AbortSignal): Promise<void> {
    if (databaseUrl === undefined) return;
    while (!signal.aborted) {
      await pause(random.between(10_000, 25_000), signal);
      counts.terminated += await terminateBackends(databaseUrl);
    }
  }

  return {
    counts,
    run: async (endsAt: number, everyMs: number, signal: AbortSignal) => {
      await Promise.all([platform(endsAt, signal), processes(everyMs, signal), connections(signal)]);
      await orders(FINE);
    },
  };
}

/** Ends every connection of the servers under test; resolves to how many those were. */
export async function terminateBackends(databaseUrl: string): Promise<number> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const { rows } = await client.query<{ pid: number }>(
      `select pg_terminate_backend(pid), pid from pg_stat_activity
       where datname = current_database() and application_name like 'zhiban%'`,
    );
    return rows.length;
  } finally {
    await client.end();
  }
}
