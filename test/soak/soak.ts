import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { startCluster } from '../support/postgres-setup.ts';
import { callApi, cardsOf, openReplicas } from '../support/replicas.ts';
import { createMeter } from './meter.ts';
import { createRandom } from './random.ts';
import { BURST_ROOM, ROOMS, createSenders } from './senders.ts';
import { bindRooms, isFine, judge } from './verdict.ts';
import { createWeather } from './weather.ts';

/**
 * `npm run soak -- [minutes=10] [--postgres] [--seed=N]`: a random mix of alerts, presses and faults of the platform,
 * the process killed with -9 all the while; then compares the ledgers of sender and recorder. Exit code 1 on any fault.
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { postgres: { type: 'boolean', default: false }, seed: { type: 'string' } },
});
const KILL_EVERY_MS = 20_000;
const BURST_EVERY_MS = 60_000;
const SETTLE_MS = 240_000;

const minutes = Number(positionals[0] ?? 10);
const seed = Number(values.seed ?? randomInt(2 ** 31));
const say = (line: string): void => void process.stdout.write(`${line}\n`);

say(`soak: ${minutes} min on ${values.postgres ? 'PostgreSQL, two replicas' : 'SQLite'}, --seed=${seed}`);
const cluster = values.postgres ? await startCluster() : undefined;
if (values.postgres && cluster === undefined) throw new Error('no PostgreSQL under /usr/lib/postgresql');
const databaseUrl = cluster === undefined ? undefined : `${cluster.url}/postgres`;
const bench = await openReplicas({
  count: cluster === undefined ? 1 : 2,
  ...(databaseUrl === undefined ? {} : { databaseUrl }),
  environment: { STORM_PER_MINUTE: '60', REMIND_AFTER: '30s' },
});
try {
  process.exitCode = (await soak()) ? 0 : 1;
} finally {
  await bench.close();
  await cluster?.stop();
}

async function soak(): Promise<boolean> {
  const random = createRandom(seed);
  const { replicas } = bench;
  for (const replica of replicas) await replica.start();
  const url = (): string => replicas.find((one) => one.lives())?.url() ?? '';
  await bindRooms(url(), [...ROOMS, BURST_ROOM]);
  const senders = createSenders(replicas, random);
  const weather = createWeather(bench, random, databaseUrl);
  const meter = createMeter(replicas);

  const endsAt = Date.now() + minutes * 60_000;
  const over = AbortSignal.timeout(minutes * 60_000);
  const measured = new AbortController();
  const measuring = meter.run(measured.signal);
  await Promise.all([senders.run(over), weather.run(endsAt, KILL_EVERY_MS, over), bursts(over)]);
  measured.abort();
  await measuring;
  say('settling');
  await senders.settle();
  const { verdict, ms } = await settled();

  const calls = await bench.ledger();
  const { rssMb, loopP99Ms } = meter.read();
  say(
    `acks ${senders.counts.acks}, unanswered ${senders.counts.unanswered}, presses ${senders.counts.presses}, bursts ${senders.counts.bursts}`,
  );
  say(
    Object.entries(weather.counts)
      .map(([name, count]) => `${name} ${count}`)
      .join(', '),
  );
  say(
    `cards ${cardsOf(calls).length}, edits ${calls.filter(({ verb }) => verb === 'edit').length}, settled in ${ms} ms`,
  );
  say(`under load: max RSS ${rssMb.toFixed(0)} MB, event loop p99 median ${loopP99Ms.median?.toFixed(1)} ms`);
  for (const [name, list] of Object.entries(verdict)) {
    say(`${name}: ${list.length}`);
    for (const one of list.slice(0, 20)) say(`  ${one}`);
  }
  if (!isFine(verdict)) say(JSON.stringify(await callApi(url(), 'GET', '/targets'), undefined, 1));
  if (!isFine(verdict)) for (const one of replicas) say(`--- ${one.name}\n${one.output().slice(-6000)}`);
  return isFine(verdict);

  async function bursts(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await sleep(BURST_EVERY_MS / 2, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return;
      await senders.burst();
      await sleep(BURST_EVERY_MS / 2, undefined, { signal }).catch(() => undefined);
    }
  }

  async function settled() {
    const from = Date.now();
    for (;;) {
      const found = await judge(url(), senders, bench.ledger);
      if (isFine(found) || Date.now() - from > SETTLE_MS) return { verdict: found, ms: Date.now() - from };
    }
  }
}
