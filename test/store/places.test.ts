import { sql } from 'kysely';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Engine } from '../../src/store/database.ts';
import { createPlaces } from '../../src/store/places.ts';
import { createBot } from './bot.ts';
import { type Opened, describeEngines, openEngine } from '../support/engines.ts';

describeEngines('places of messages', (engine: Engine) => {
  let opened: Opened;
  beforeEach(async () => {
    opened = await openEngine(engine);
  });
  afterEach(() => opened.close());

  it('are looked up by the message, however many chats there are', async () => {
    const { db } = opened.database;
    const { rows } = await sql<{ definition: string }>`${
      engine === 'sqlite'
        ? sql`select sql as definition from sqlite_master where type = 'index' and name like '%\\_ref' escape '\\'`
        : sql`select indexdef as definition from pg_indexes where indexname like '%\\_ref' and schemaname = current_schema()`
    }`.execute(db);
    expect(rows.map(({ definition }) => /\(ref, target_id\)/.test(definition))).toEqual([true, true, true]);
  });

  it('are where we sent it, until now or once, and nowhere for others', async () => {
    const bot = createBot(opened.database);
    await bot.addTarget('room');
    const { db } = opened.database;
    const attempt = {
      target_id: 'room',
      subject_id: 'INC-X',
      verb: 'edit',
      at: 1,
      latency_ms: 1,
      outcome: 'ok',
      ref: 'om_1',
    };
    await db
      .insertInto('attempts')
      .values(['a', 'b'].map((id) => ({ ...attempt, id })))
      .execute();
    const { channel, address } = await db
      .selectFrom('targets')
      .select(['channel', 'address'])
      .executeTakeFirstOrThrow();
    const places = createPlaces(opened.database, channel);
    expect(await places.ofMessage('om_1')).toEqual({ chat: `${channel}:${address}` });
    expect(await places.ofMessage('om_2')).toBeUndefined();
    expect(await createPlaces(opened.database, 'other').ofMessage('om_1')).toBeUndefined();
  });
});
