import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { table } from '../../src/cli/table.ts';
import { openDatabase } from '../../src/store/open.ts';
import { createLog } from '../../src/telemetry/log.ts';
import { runZhiban } from './zhiban.ts';

let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'zhiban-cli-'));
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

async function zhiban(...args: readonly string[]): Promise<string> {
  const clock = { now: () => Date.parse('2026-11-22T03:00:00Z') };
  const environment = { DATA_DIR: dataDir, PORT: '0', PUBLIC_URL: 'https://zhiban.example' };
  const { lines, failure } = await runZhiban(environment, args, { clock });
  if (failure !== undefined) throw new Error(failure);
  return lines.join('\n');
}

describe('zhiban', () => {
  it('names people, changes their role, and forgets them', async () => {
    expect(
      await zhiban('operators', 'add', '王五', '--role', 'admin', '--id', 'lark:ou_1', '--id', 'playground:w'),
    ).toBe('王五 is admin, known as lark:ou_1, playground:w.');
    await zhiban('operators', 'add', '王五', '--role', 'responder');
    const taken = await zhiban('operators', 'add', '赵六', '--id', 'playground:w');
    expect(taken).toContain('playground:w was 王五’s until now.');
    await zhiban('operators', 'add', '王五', '--role', 'responder', '--id', 'playground:w');
    await zhiban('operators', 'remove', '赵六');
    expect(await zhiban('operators', 'list')).toBe(
      'NAME  ROLE       ACCOUNTS\n王五  responder  lark:ou_1 playground:w',
    );
    await zhiban('operators', 'remove', '王五');
    await expect(zhiban('operators', 'remove', '王五')).rejects.toThrow('Nobody is called');
    await expect(zhiban('operators', 'add', 'x', '--id', 'ou_1')).rejects.toThrow('channel:id');
  });

  it('makes integrations whose keys are shown once', async () => {
    const said = await zhiban('integrations', 'add', 'cluster-a', '--expires', '90d', '--hmac');
    expect(said).toContain('https://zhiban.example/api/alert/integration/cluster-a');
    const [key = ''] = /zb_[\w-]{43}/.exec(said) ?? [];
    expect(key).not.toBe('');
    expect(await zhiban('integrations', 'rotate', 'cluster-a')).not.toContain(key);
    await zhiban('integrations', 'disable', 'cluster-a');
    expect(await zhiban('integrations', 'list')).toMatch(/cluster-a +- +disabled +2027-02-20T\S+ +never/);
    await expect(zhiban('integrations', 'add', 'cluster-a')).rejects.toThrow('rotate cluster-a');
    for (const ours of ['default', 'chat', 'zhiban'])
      await expect(zhiban('integrations', 'add', ours)).rejects.toThrow('that name is ours');
    await expect(zhiban('integrations', 'add', 'Not A Name')).rejects.toThrow('small letters');
    await expect(zhiban('integrations', 'add', 'b', '--source', 'bogus')).rejects.toThrow('alertmanager');
    await expect(zhiban('integrations', 'add', 'b', '--expires', 'soon')).rejects.toThrow('90d');
  });

  it('works while a server holds the data folder', async () => {
    const log = createLog('silent', []);
    const server = await openDatabase({ url: `sqlite:${dataDir}/zhiban.db`, dataDir, log });
    try {
      await zhiban('operators', 'add', 'Bob');
      expect(await zhiban('deliveries', '--failed')).toContain('STATE');
      expect(await server.reader.selectFrom('operators').select('name').execute()).toEqual([{ name: 'Bob' }]);
      const audited = await server.reader.selectFrom('audit').select(['operation', 'via']).execute();
      expect(audited).toEqual([{ operation: 'operators.add', via: 'cli' }]);
    } finally {
      await server.close();
    }
  });

  it('copies the database, and brings it up to date once', async () => {
    expect(await zhiban('migrate')).toContain('0001_initial');
    expect(await zhiban('migrate')).toBe('The database is up to date.');
    const to = join(dataDir, 'copy.db');
    await zhiban('backup', to);
    expect(existsSync(to)).toBe(true);
  });

  it('tells what needs attention, and how to mend it', async () => {
    expect(await zhiban('doctor')).toContain('ok  operators: none yet; the first start names');
    const database = await openDatabase({ url: `sqlite:${dataDir}/zhiban.db`, dataDir, log: createLog('silent', []) });
    await database.db.insertInto('facts').values({ name: 'playground_seeded', value: '1' }).execute();
    await database.close();
    await expect(zhiban('doctor')).rejects.toThrow('1 thing needs attention');
    await zhiban('operators', 'add', 'Bob', '--role', 'admin');
    expect(await zhiban('doctor')).toContain('there is an admin');
  });

  it('knows when there is no such delivery', async () => {
    await expect(zhiban('deliveries', 'retry', 'nope')).rejects.toThrow('no delivery nope');
  });

  it('serves when told to', async () => {
    expect(await zhiban('serve')).toBe('serving');
  });
});

describe('a table', () => {
  it('counts wide characters as two', () => {
    expect(table(['A', 'B'], [['值班', 'x']])).toEqual(['A     B', '值班  x']);
  });

  it('is a line for each row, without what a terminal would obey', () => {
    expect(table(['A'], [['pay\u001b[2J\r\n\u009b\u202ements']])).toEqual(['A', 'pay [2J ments']);
  });
});
