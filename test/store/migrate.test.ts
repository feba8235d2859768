import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Engine } from '../../src/store/database.ts';
import { migrate, readMigrations } from '../../src/store/migrate.ts';
import { type Opened, describeEngines, openEmpty } from '../support/engines.ts';

describeEngines('migrations', (engine: Engine) => {
  let opened: Opened;
  let folder: string;
  beforeEach(async () => {
    opened = await openEmpty(engine);
    folder = mkdtempSync(join(tmpdir(), 'zhiban-migrations-'));
  });
  afterEach(async () => {
    await opened.close();
    rmSync(folder, { recursive: true });
  });
  const file = (name: string, text: string): void => writeFileSync(join(folder, name), text);
  const tables = async (): Promise<string[]> =>
    (await opened.database.db.introspection.getTables()).map(({ name }) => name).toSorted();

  it('run in order, once each, with those of the engine', async () => {
    file('0002_b.sqlite.sql', 'create table only_sqlite (id text);');
    file('0002_b.postgres.sql', 'create table only_postgres (id text);');
    file('0001_a.sql', "-- a; comment\ncreate table a (id text);\ninsert into a values ('x; y');\n");
    file('notes.md', 'no migration');
    expect(await migrate(opened.database, folder)).toEqual(['0001_a.sql', `0002_b.${engine}.sql`]);
    expect(await migrate(opened.database, folder)).toEqual([]);
    expect(await tables()).toEqual(['a', 'migrations', `only_${engine}`]);
  });

  it('leave nothing of one that fails, and keep those before it', async () => {
    file('0001_a.sql', 'create table a (id text);');
    file('0002_b.sql', 'create table b (id text);\ncreate table b (id text);');
    await expect(migrate(opened.database, folder)).rejects.toThrow(/already exists/);
    expect(await tables()).toEqual(['a', 'migrations']);
  });

  it('refuse a file that changed after it was applied', async () => {
    file('0001_a.sql', 'create table a (id text);');
    await migrate(opened.database, folder);
    file('0001_a.sql', 'create table a (id text, more text);');
    await expect(migrate(opened.database, folder)).rejects.toThrow('0001_a.sql was applied to this database');
  });

  it('tolerate what a newer version has applied already', async () => {
    file('0001_a.sql', 'create table a (id text);');
    file('0002_newer.sql', 'create table newer (id text);');
    await migrate(opened.database, folder);
    rmSync(join(folder, '0002_newer.sql'));
    expect(await migrate(opened.database, folder)).toEqual([]);
  });

  it('are numbered without a double in the repository', () => {
    const names = readMigrations(join(import.meta.dirname, '..', '..', 'migrations'), engine).map(({ name }) => name);
    const numbers = names.map((name) => name.slice(0, 4));
    expect(new Set(numbers).size).toBe(numbers.length);
    expect(numbers).toEqual(numbers.toSorted());
  });
});
