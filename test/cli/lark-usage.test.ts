import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../src/store/database.ts';
import { openDatabase } from '../../src/store/open.ts';
import { createLog } from '../../src/telemetry/log.ts';
import { runZhiban } from './zhiban.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'zhiban-usage-'));
const APP = 'cli_0123456789abcdef';
const clock = { now: () => Date.parse('2026-11-30T15:59:00Z') };

const usage = (more: Readonly<Record<string, string>> = {}, at = clock) => {
  const environment = { DATA_DIR: dataDir, LOCALE: 'en-US', LARK_APP_ID: APP, LARK_APP_SECRET: 's', ...more };
  return runZhiban(environment, ['usage', 'lark'], { clock: at });
};

async function change(work: Parameters<Database['transaction']>[0]): Promise<void> {
  const log = createLog('silent', []);
  const database = await openDatabase({ url: `sqlite:${dataDir}/zhiban.db`, dataDir, log, beside: true });
  await database.transaction(work);
  await database.close();
}

beforeAll(async () => {
  await usage();
  const months = ['2026-09', '2026-10', '2026-11'].map((month, index) => ({
    app: `lark:${APP}`,
    month,
    calls: 9000 + index,
  }));
  const rows = [...months, { app: 'lark:cli_other', month: '2026-11', calls: 7 }];
  await change((trx) => trx.insertInto('api_calls').values(rows).execute());
});
afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

describe('zhiban usage lark', () => {
  it('tells this month’s calls, how they stand, and the months before', async () => {
    expect((await usage({ LARK_MONTHLY_CALLS: '10000' })).lines).toEqual([
      '2026-11: 9002 of 10000 calls',
      'less than a tenth is left: only visible changes are edited',
      '',
      'MONTH    CALLS',
      '2026-10  9001',
      '2026-09  9000',
    ]);
    expect((await usage({ LARK_MONTHLY_CALLS: '9002', LOCALE: 'zh-CN' })).lines.slice(0, 2)).toEqual([
      '2026-11：9002 次调用，额度 9002 次',
      '额度已用完',
    ]);
    expect((await usage({ LARK_MONTHLY_CALLS: '90000' })).said).toContain('plenty left');
    expect((await usage()).said).toContain('LARK_MONTHLY_CALLS is not set');
  });

  it('begins a month at midnight where accounts are kept', async () => {
    const later = { now: () => clock.now() + 60_000 };
    expect((await usage({}, later)).lines[0]).toBe('2026-12: 0 calls');
  });

  it('says so when the platform takes no more calls this month', async () => {
    const told = JSON.stringify({ month: '2026-11', at: clock.now() });
    await change((trx) =>
      trx
        .insertInto('facts')
        .values({ name: `lark_allowance:${APP}`, value: told })
        .execute(),
    );
    expect((await usage({ LARK_MONTHLY_CALLS: '90000' })).lines[1]).toContain('99991403');
    const later = { now: () => clock.now() + 60_000 };
    expect((await usage({ LARK_MONTHLY_CALLS: '90000' }, later)).said).not.toContain('99991403');
  });

  it('asks for an app', async () => {
    expect((await runZhiban({ DATA_DIR: dataDir, LOCALE: 'en-US' }, ['usage', 'lark'])).failure).toContain(
      'LARK_APP_ID',
    );
  });
});
