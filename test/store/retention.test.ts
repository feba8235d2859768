import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Engine, Write } from '../../src/store/database.ts';
import { enqueueMessage } from '../../src/store/delivery/outbox.ts';
import { takeInbound } from '../../src/store/inbound.ts';
import { prune } from '../../src/store/retention.ts';
import { indexClosed } from '../../src/store/search-index.ts';
import { insertMany } from '../../src/store/set-wise.ts';
import { type Opened, describeEngines, openEngine } from '../support/engines.ts';
import { alertRow, incidentRow, timelineRow } from './rows.ts';
import { committerOn } from './writing.ts';

const DAY = 24 * 3_600_000;
const NOW = 1000 * DAY;

describeEngines('retention', (engine: Engine) => {
  let opened: Opened;
  let write: Write;
  beforeAll(async () => {
    opened = await openEngine(engine);
    ({ write } = committerOn(opened.database));
  });
  afterAll(() => opened.close());

  it('deletes old resolved incidents with all that is theirs, and nothing that fires or is younger', async () => {
    const { database } = opened;
    const old = { status: 'resolved', resolved_at: 2000 };
    await insertMany(database, 'incidents', [
      ...Array.from({ length: 120 }, (_, at) => incidentRow(`old${at}`, old)),
      incidentRow('open'),
      incidentRow('young', { status: 'resolved', resolved_at: NOW - DAY }),
      incidentRow('still-firing', old),
    ]);
    await insertMany(database, 'alerts', [
      ...Array.from({ length: 1300 }, (_, at) =>
        alertRow(`a${at}`, { incident_id: `old${at % 120}`, status: 'resolved' }),
      ),
      alertRow('fires', { incident_id: 'still-firing' }),
      alertRow('of-open', { incident_id: 'open' }),
      alertRow('stray', { status: 'resolved' }),
      alertRow('stray-young', { status: 'resolved', last_seen_at: NOW }),
      alertRow('stray-firing'),
    ]);
    await insertMany(database, 'timeline', [timelineRow('t1', 'old1'), timelineRow('t2', 'open')]);
    await write('job', (trx) => indexClosed(trx, { incidentId: 'old1', family: 'f', tokens: ['disk', 'full'] }));

    const pruned = await prune({ database, write }, NOW, 400 * DAY);

    expect(pruned).toEqual({ incidents: 120, rows: 1302 });
    const incidents = await database.reader.selectFrom('incidents').select('id').orderBy('id').execute();
    expect(incidents.map(({ id }) => id)).toEqual(['open', 'still-firing', 'young']);
    const alerts = await database.reader.selectFrom('alerts').select('id').orderBy('id').execute();
    expect(alerts.map(({ id }) => id)).toEqual(['fires', 'of-open', 'stray-firing', 'stray-young']);
    expect(await database.reader.selectFrom('timeline').select('id').execute()).toEqual([{ id: 't2' }]);
    expect(await database.reader.selectFrom('search_docs').select('incident_id').execute()).toEqual([]);
  });

  it('forgets inbound ids after a week', async () => {
    await write('job', async (trx) => {
      await takeInbound(trx, 'lark', 'old', NOW - 8 * DAY);
      await takeInbound(trx, 'lark', 'new', NOW - 6 * DAY);
    });
    expect(await prune({ database: opened.database, write }, NOW, 400 * DAY)).toEqual({ incidents: 0, rows: 1 });
    expect(await opened.database.reader.selectFrom('inbound').select('key').execute()).toEqual([{ key: 'new' }]);
  });

  it('keeps the dedupe key of a sent message for a week, however short the retention', async () => {
    const { database } = opened;
    const payload = { kind: 'message', content: { kind: 'text', text: [] } } as const;
    for (const [dedupeKey, at] of [
      ['old', NOW - 8 * DAY],
      ['new', NOW - 6 * DAY],
    ] as const) {
      await write('job', (trx) => enqueueMessage(trx, { targetId: 't', kind: 'report', payload, dedupeKey }, at));
    }
    await database.db.updateTable('outbox').set({ state: 'sent' }).execute();
    await prune({ database, write }, NOW, DAY);
    expect(await database.reader.selectFrom('outbox').select('dedupe_key').execute()).toEqual([{ dedupe_key: 'new' }]);
  });

  it('never deletes more than 500 rows in one transaction', async () => {
    const { database } = opened;
    const rows = Array.from({ length: 1200 }, (_, at) => ({ source: 's', key: `k${at}`, at: 0, answer: null }));
    await insertMany(database, 'inbound', rows);
    let transactions = 0;
    const counting: Write = (priority, work) => {
      transactions += 1;
      return write(priority, work);
    };
    expect((await prune({ database, write: counting }, NOW, 400 * DAY)).rows).toBe(1200);
    expect(transactions).toBe(3);
  });
});
