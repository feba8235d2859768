import { afterEach, beforeEach, expect, it } from 'vitest';
import { openDatabase } from '../../src/store/open.ts';
import { HOUR, START } from '../incident/world.ts';
import { type Opened, SILENT, describeServers, openEngine } from '../support/engines.ts';
import { ALICE, createBot } from './bot.ts';

describeServers('silences by matchers', (engine) => {
  let opened: Opened;
  beforeEach(async () => {
    opened = await openEngine(engine);
  });
  afterEach(() => opened.close());

  const matchers = [{ name: 'team', op: '=', value: 'payments' } as const];
  const wish = (inboundKey?: string) => ({
    matchers,
    until: START + HOUR,
    actor: ALICE,
    ...(inboundKey === undefined ? {} : { inboundKey }),
  });

  it('are made once for an event that a platform repeats, whichever replica hears it', async () => {
    // SQLite serves one process: there the second replica is the first.
    const url = { url: opened.url, dataDir: opened.dataDir, log: SILENT };
    const twin = engine === 'postgres' ? await openDatabase(url) : opened.database;
    const bots = [createBot(opened.database), createBot(twin)];
    const made = await Promise.all(
      bots.flatMap(({ silences }) => [1, 2].map(() => silences.create(wish('lark:om_1')))),
    );
    expect(new Set(made.map(({ id }) => id)).size).toBe(1);
    const [{ silences } = createBot(twin)] = bots;
    expect(await silences.active()).toHaveLength(1);
    await silences.create(wish('lark:om_2'));
    await silences.create(wish());
    await silences.create(wish());
    expect(await silences.active()).toHaveLength(4);
    if (twin !== opened.database) await twin.close();
  });

  it('that were ended stay so when the event that made them is repeated', async () => {
    const { silences } = createBot(opened.database);
    const { id } = await silences.create(wish('lark:om_1'));
    await silences.remove(id, ALICE);
    expect((await silences.create(wish('lark:om_1'))).id).toBe(id);
    expect(await silences.active()).toEqual([]);
  });
});
