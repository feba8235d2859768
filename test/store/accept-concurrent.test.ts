import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import type { Alert } from '../../src/incident/alert.ts';
import type { Trx } from '../../src/store/database.ts';
import { openDatabase } from '../../src/store/open.ts';
import { START, alert, arrival, resolved } from '../incident/world.ts';
import { SILENT, missing, openEngine } from '../support/engines.ts';
import { CONTEXT, createBot } from './bot.ts';

const KEYS = 4;

const engine = 'postgres';
const reason = missing(engine);

// SQLite has one writer by its lock file: only here do two meet.
describe.skipIf(reason !== undefined)(
  `two committers on one database${reason === undefined ? '' : ` (${reason})`}`,
  () => {
    it('never open two incidents for a key, and miscount nothing', async () => {
      const opened = await openEngine(engine);
      const second = await openDatabase({ url: opened.url, dataDir: opened.dataDir, log: SILENT });
      const bots = [createBot(opened.database), createBot(second)];
      const turns = Array.from({ length: 100 }, (_, turn) => turn);
      await bots[0]?.addTarget('fallback');
      // One request after the other on each side, so that every transaction meets one of the other side.
      await Promise.all(
        bots.map(async (bot, replica) => {
          for (const turn of turns) {
            const list = Array.from({ length: KEYS }, (_, key) => event(key, replica, turn));
            const accepted = await bot.accept(
              arrival(turn % 2 === replica ? list.toReversed() : list, START + turn * 1000),
            );
            const id = accepted.incidents[0]?.id;
            if (turn % 7 === 0 && id !== undefined) await bot.respond(id, { kind: 'note', text: 'x' }, CONTEXT);
          }
        }),
      );
      const incidents = (await bots[0]?.incidents()) ?? [];
      const rows = (await bots[0]?.alerts()) ?? [];
      expect(new Set(incidents.filter(({ status }) => status !== 'resolved').map(({ key }) => key)).size).toBe(
        incidents.filter(({ status }) => status !== 'resolved').length,
      );
      for (const incident of incidents) {
        const firing = rows.filter(
          (row) => row.incident_id === incident.id && row.current === 1 && row.status === 'firing',
        );
        expect([incident.id, incident.firingCount]).toEqual([incident.id, firing.length]);
        expect([incident.id, incident.status]).toEqual([incident.id, firing.length > 0 ? 'open' : 'resolved']);
      }
      await second.close();
      await opened.close();
    });

    it('decide by what the other has written while they waited for it', async () => {
      const opened = await openEngine(engine);
      const second = await openDatabase({ url: opened.url, dataDir: opened.dataDir, log: SILENT });
      const [one, two] = [createBot(opened.database), createBot(second)];
      await one.addTarget('fallback');
      await one.accept(arrival([alert('a')], START));
      let waiting: Promise<unknown> = Promise.resolve();
      await opened.database.transaction(async (db) => {
        const trx: Trx = { db, engine: 'postgres', hint: () => undefined };
        await one.acceptBatch(trx, [arrival([resolved('a')], START + 1000)]);
        waiting = two.accept(arrival([alert('a')], START + 2000));
        await untilBlocked(db);
      });
      await waiting;
      expect(await two.incidents()).toMatchObject([{ status: 'open', firingCount: 1, alertsCount: 1 }]);
      expect((await two.alerts()).map(({ status, current }) => [status, current])).toEqual([
        ['resolved', 0],
        ['firing', 1],
      ]);
      await second.close();
      await opened.close();
    });
  },
);

/** Both replicas speak of the same alerts, each resolving now and then what the other repeats. */
function event(key: number, replica: number, turn: number): Alert {
  const groupLabels = { alertname: `rule-${key}` };
  const name = `rule-${key}-${turn % 2}`;
  return (turn * 7 + replica * 3) % 5 < 2 ? resolved(name, { groupLabels }) : alert(name, { groupLabels });
}

/** Until the other side waits for a lock of ours. */
async function untilBlocked(db: Trx['db']): Promise<void> {
  for (let tries = 0; tries < 500; tries += 1) {
    const { rows } = await sql<{ n: number }>`
      select count(*) as n from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`.execute(
      db,
    );
    if ((rows[0]?.n ?? 0) > 0) return;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  throw new Error('nobody waits for us');
}
