import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Database } from '../../src/store/database.ts';
import { enqueueMessage } from '../../src/store/delivery/outbox.ts';
import { migrate } from '../../src/store/migrate.ts';
import { openDatabase } from '../../src/store/open.ts';
import { targetRow } from '../store/rows.ts';
import { SILENT } from '../support/engines.ts';
import { runZhiban } from './zhiban.ts';

const text = { kind: 'message', content: { kind: 'text', text: [{ text: 'hi' }] } } as const;

let dataDir: string;
let server: Database;
beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'zhiban-cli-deliveries-'));
  server = await openDatabase({ url: `sqlite:${dataDir}/zhiban.db`, dataDir, log: SILENT });
  await migrate(server);
  await server.db.insertInto('targets').values(targetRow('ops room')).execute();
});
afterEach(async () => {
  await server.close();
  rmSync(dataDir, { recursive: true, force: true });
});

const zhiban = async (...args: readonly string[]): Promise<string> =>
  (await runZhiban({ DATA_DIR: dataDir, PORT: '0' }, args)).said;
const message = async (): Promise<string> =>
  (await server.transaction((db) =>
    enqueueMessage(
      { db, engine: server.engine, hint: () => undefined },
      { targetId: 'ops room', kind: 'report', event: 'daily', payload: text },
      Date.now(),
    ),
  )) ?? '';

it('lists what was given up with its reason, and sends it after all, beside a running server', async () => {
  const [waiting, dead] = [await message(), await message()];
  const refused = { state: 'dead', last_error: 'content_refused: no', settled_at: Date.now() } as const;
  await server.db.updateTable('outbox').set(refused).where('id', '=', dead).execute();

  const failed = await zhiban('deliveries', '--failed');
  expect(failed).toMatch(new RegExp(`${dead} .*ops room .*daily .*dead .*content_refused: no`));
  expect(failed).not.toContain(waiting);
  expect(await zhiban('deliveries')).toContain(waiting);

  expect(await zhiban('deliveries', 'retry', dead)).toContain(`${dead} is due`);
  expect(await zhiban('deliveries', '--failed')).not.toContain(dead);
  const row = await server.db.selectFrom('outbox').select('state').where('id', '=', dead).executeTakeFirst();
  expect(row).toEqual({ state: 'due' });
  const audited = await server.db.selectFrom('audit').select(['operation', 'subject', 'via']).execute();
  expect(audited).toEqual([{ operation: 'deliveries.retry', subject: dead, via: 'cli' }]);
});
