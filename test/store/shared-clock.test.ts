import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { claimDue, scheduleDue } from '../../src/store/due.ts';
import { openSharedClock } from '../../src/store/postgres/shared-clock.ts';
import { createLog } from '../../src/telemetry/log.ts';
import type { Clock } from '../../src/types.ts';
import { openApp } from '../support/app.ts';
import { type Opened, SILENT, missing, openEngine } from '../support/engines.ts';

const HOUR = 3_600_000;
const LEASE_MS = 60_000;
const skewed = (ms: number): Clock => ({ now: () => Date.now() + ms });
const reason = missing('postgres');

describe('the clock of replicas on PostgreSQL', () => {
  let opened: Opened;
  beforeAll(async () => {
    opened = await openEngine('postgres');
  });
  afterAll(() => opened.close());

  const clockOf = (clock: Clock, log = SILENT) => openSharedClock({ database: opened.database, clock, log });
  const claim = (now: number, kind: string) =>
    opened.database.transaction((db) =>
      claimDue({ db, engine: 'postgres', hint: () => undefined }, kind, 1, now, LEASE_MS),
    );

  it('is the database’s, however far the machine’s own is off', async () => {
    const clocks = await Promise.all([0, HOUR, -HOUR].map((ms) => clockOf(skewed(ms))));
    const times = clocks.map((clock) => clock.now());
    expect(Math.max(...times) - Math.min(...times)).toBeLessThan(5000);
  });

  it('keeps a replica whose clock is an hour ahead from what another holds', async () => {
    const [right, ahead] = [await clockOf(skewed(0)), await clockOf(skewed(HOUR))];
    await opened.database.transaction((db) =>
      scheduleDue({ db, engine: 'postgres', hint: () => undefined }, { kind: 'k', subject: 's', dueAt: right.now() }),
    );
    expect(await claim(right.now() + 1000, 'k')).toHaveLength(1);
    expect(await claim(ahead.now() + 1000, 'k')).toEqual([]);
    expect(await claim(skewed(HOUR).now(), 'k')).toHaveLength(1);
  });

  it('follows the database again when the machine’s own jumps, and tells of it', async () => {
    const jumping = { ahead: 0, now: () => Date.now() + jumping.ahead };
    const lines: string[] = [];
    const clock = await clockOf(jumping, createLog('warn', [], { write: (line: string) => void lines.push(line) }));
    const over = new AbortController();
    const running = clock.run(over.signal);
    jumping.ahead = HOUR;
    await expect.poll(() => lines.join('')).toContain('clock_differs');
    over.abort();
    await running;
    expect(Math.abs(clock.now() - Date.now())).toBeLessThan(5000);
  });
});

describe('between two looks at the database', () => {
  it('a machine whose clock is set moves nothing with it', async () => {
    const opened = await openEngine('postgres');
    const jumping = { ahead: 0, now: () => Date.now() + jumping.ahead };
    const clock = await openSharedClock({ database: opened.database, clock: jumping, log: SILENT });
    for (const ahead of [-HOUR, 12 * HOUR]) {
      jumping.ahead = ahead;
      expect(Math.abs(clock.now() - Date.now())).toBeLessThan(5000);
    }
    await opened.close();
  });
});

describe.skipIf(reason !== undefined)('a server on PostgreSQL with a clock that is off', () => {
  it('stores the time of the database, also after the clock jumped', async () => {
    const opened = await openEngine('postgres');
    const jumping = { ahead: HOUR, now: () => Date.now() + jumping.ahead };
    const app = await openApp({ DATABASE_URL: opened.url }, { clock: jumping });
    let alerts = 0;
    const offMs = async (): Promise<number> => {
      const id = await app.alert({ alertname: `A${(alerts += 1)}` });
      const { opened_at: at } = (await app.get(`/api/v1/incidents/${id}`)) as { opened_at: string };
      return Math.abs(Date.parse(at) - Date.now());
    };
    expect(await offMs()).toBeLessThan(60_000);
    jumping.ahead = 2 * HOUR;
    await expect.poll(offMs, { timeout: 20_000, interval: 500 }).toBeLessThan(60_000);
    await app.close();
    await opened.close();
  });
});
