import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { createRandom } from '../soak/random.ts';
import { BURST_ROOM, ROOMS, createSenders } from '../soak/senders.ts';
import { type Verdict, bindRooms, isFine, judge } from '../soak/verdict.ts';
import { terminateBackends } from '../soak/weather.ts';
import { missing } from '../support/engines.ts';
import { groupBody, postAlerts, until } from '../support/fault-bench.ts';
import { type Replica, type Replicas, callApi, cardsOf, listApi, openReplicas } from '../support/replicas.ts';

const reason = missing('postgres');
const REMIND_MS = 4000;
/** A hanging call lasts longer than the other process takes to start. */
const CALL_MS = 10_000;

const byText = (a: string, b: string): number => (a < b ? -1 : 1);

describe.skipIf(reason !== undefined)(`two replicas on PostgreSQL${reason === undefined ? '' : ` (${reason})`}`, () => {
  let bench: Replicas;
  let databaseUrl: string;
  let one: Replica;
  let two: Replica;

  beforeAll(async () => {
    databaseUrl = await createDatabase();
    bench = await openReplicas({
      count: 2,
      databaseUrl,
      environment: { REMIND_AFTER: `${REMIND_MS / 1000}s`, RECORDER_TIMEOUT_MS: String(CALL_MS) },
    });
    const [first, second] = bench.replicas;
    if (first === undefined || second === undefined) throw new Error('two replicas are needed');
    [one, two] = [first, second];
    await Promise.all([one.start(), two.start()]);
    await bindRooms(one.url(), [...ROOMS, BURST_ROOM]);
  });
  afterAll(() => bench.close());

  it('opens one incident with one card when both hear of the same alert at the same instant', async () => {
    const names = Array.from({ length: 40 }, (_, at) => `Race-${at}-end`);
    const post = (name: string, replica: Replica) =>
      postAlerts(replica.url(), groupBody(name, 'firing', [{ team: 'room-1' }]));
    const answers = await Promise.all(names.flatMap((name) => [post(name, one), post(name, two)]));
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    await until('every alert has a card', async () => cardsOf(await bench.ledger()).length >= names.length);
    const incidents = await listApi<{ readonly labels: Record<string, string> }>(two.url(), '/incidents');
    expect(incidents.map(({ labels }) => labels['alertname'] ?? '').toSorted(byText)).toEqual(names.toSorted(byText));
    expect(cardsOf(await bench.ledger()).filter(({ refs }) => refs.size > 1)).toEqual([]);
    // What recovered is no longer reminded of, which would raise revisions for ever.
    for (const name of names) await postAlerts(two.url(), groupBody(name, 'resolved', [{ team: 'room-1' }]));
  });

  it('reminds once and diagnoses once, whichever of them finds it due', async () => {
    const name = 'Reminded-end';
    await postAlerts(one.url(), groupBody(name, 'firing', [{ team: 'room-2' }]));
    const [incident] = await listApi<{ readonly id: string }>(one.url(), `/incidents?label.alertname=${name}`);
    const id = incident?.id ?? '';
    const reminded = async () =>
      (await listApi<{ readonly kind: string; readonly at: string }>(two.url(), `/incidents/${id}/timeline`))
        .filter(({ kind }) => kind === 'reminded')
        .map(({ at }) => Date.parse(at))
        .toSorted((a, b) => a - b);
    await until('it was reminded of twice', async () => (await reminded()).length >= 2);
    await callApi(two.url(), 'POST', `/incidents/${id}/actions`, { action: 'ack', actor: 'Lin' });
    const times = await reminded();
    expect(times.slice(1).every((at, index) => at - (times[index] ?? at) >= REMIND_MS)).toBe(true);
    expect(await listApi(one.url(), `/incidents/${id}/diagnoses`)).toHaveLength(1);
    const sent = (await bench.ledger()).filter(({ verb, title }) => verb === 'send' && title.includes(id));
    expect(new Set(sent.map(({ key }) => key)).size).toBe(sent.length);
    expect(sent.length).toBeLessThanOrEqual(times.length + 1);
  });

  it('leaves the leases of another alone, and refuses what was written after they ran out', async () => {
    const name = 'Stopped-end';
    await two.kill();
    await bench.orders({ hang: ['room-3'] });
    await postAlerts(one.url(), groupBody(name, 'firing', [{ team: 'room-3' }]));
    await until('its call hangs', async () => (await bench.ledger()).some(({ title }) => title.includes(name)));
    const leased = await placementOf(databaseUrl, name);
    expect(leased.lease_until).toBeGreaterThan(Date.now());
    await two.start();
    expect(await placementOf(databaseUrl, name)).toEqual(leased);
    one.signal('SIGSTOP');
    await bench.orders({ hang: [] });
    await postAlerts(two.url(), groupBody(name, 'resolved', [{ team: 'room-3' }]));
    const shown = async () => cardsOf(await bench.ledger()).filter(({ title }) => title.includes(name));
    await until('the other shows it', async () => (await shown()).some(({ tone }) => tone === 'resolved'), 60_000);
    const before = await settledPlacement(databaseUrl, name);
    expect(before.lease_token).not.toBe(leased.lease_token);
    one.signal('SIGCONT');
    await sleep(3000);
    expect(await settledPlacement(databaseUrl, name)).toEqual(before);
    expect((await shown()).map(({ tone, refs }) => [tone, refs.size])).toEqual([['resolved', 1]]);
  });

  it('loses nothing while either is killed with -9 and every connection of the database is cut', async () => {
    const senders = createSenders(bench.replicas, createRandom(7), 'warning');
    const over = new AbortController();
    const load = senders.run(over.signal);
    await sleep(1500);
    for (const victim of [one, two, one]) {
      await victim.kill();
      await sleep(700);
      expect(await terminateBackends(databaseUrl)).toBeGreaterThan(0);
      await victim.start();
      await sleep(1500);
    }
    over.abort();
    await load;
    await senders.settle();
    expect(senders.counts.acks).toBeGreaterThan(100);
    let verdict: Verdict | undefined;
    const look = async (): Promise<boolean> => isFine((verdict = await judge(two.url(), senders, bench.ledger)));
    await until('every card shows its incident', look, 60_000).catch(() => undefined);
    expect(verdict).toEqual({ lost: [], untrue: [], extra: [], doubled: [], presses: [] });
  });
});

/** A fresh database of the run's cluster. */
async function createDatabase(): Promise<string> {
  const server = inject('postgres');
  if ('missing' in server) throw new Error(server.missing);
  const name = `zhiban_${randomBytes(6).toString('hex')}`;
  await query(`${server.url}/postgres`, `create database ${name}`);
  return `${server.url}/${name}`;
}

async function query<T extends pg.QueryResultRow>(url: string, text: string, values: unknown[] = []): Promise<T[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<T>(text, values)).rows;
  } finally {
    await client.end();
  }
}

interface PlacementRow extends pg.QueryResultRow {
  readonly lease_token: string | null;
  readonly lease_until: number;
  readonly attempts: number;
  readonly last_error: string | null;
  readonly ref: string | null;
  readonly generation: number;
  readonly settled: boolean;
}

async function placementOf(url: string, name: string): Promise<PlacementRow> {
  const [row] = await query<PlacementRow>(
    url,
    `select p.lease_token, p.lease_until::float8 as lease_until, p.attempts::int, p.last_error, p.ref, p.generation::int,
       p.shown_revision = p.wanted_revision as settled
     from placements p join incidents i on i.id = p.subject_id where i.title like '%' || $1 || '%'`,
    [name],
  );
  if (row === undefined) throw new Error(`${name} is placed nowhere`);
  return row;
}

async function settledPlacement(url: string, name: string): Promise<PlacementRow> {
  await until(`${name} is settled`, async () => {
    const row = await placementOf(url, name);
    return row.settled && row.lease_until === 0;
  });
  return placementOf(url, name);
}
