import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { CompiledQuery, type Transaction, sql } from 'kysely';
import { InvalidConfig } from '../errors.ts';
import type { Database, Engine } from './database.ts';
import type { Tables } from './schema.ts';

const FOLDER = join(import.meta.dirname, '..', '..', 'migrations');

const RECORD = sql`create table if not exists migrations (name text primary key, checksum text not null, applied_at bigint not null)`;

/**
 * Brings the schema up to this version: numbered SQL files, forward only, each in one transaction with its own record,
 * so that a kill at any instant leaves whole migrations. Replicas starting together take turns. Files that this
 * version does not know are left alone: a newer replica may run beside us. Resolves to the names applied now; throws
 * `InvalidConfig` when a file that was applied has changed since.
 */
export async function migrate(database: Database, folder = FOLDER): Promise<readonly string[]> {
  const { engine } = database;
  await database.transaction(async (trx) => {
    await takeTurns(trx, engine);
    await RECORD.execute(trx);
  });
  const applied: string[] = [];
  for (const migration of readMigrations(folder, engine)) {
    if (await database.transaction((trx) => apply(trx, engine, migration))) applied.push(migration.name);
  }
  return applied;
}

interface Migration {
  readonly name: string;
  readonly checksum: string;
  readonly statements: readonly string[];
}

/** `NNNN_name.sql` serves both engines, `NNNN_name.sqlite.sql` and `NNNN_name.postgres.sql` one of them. */
export function readMigrations(folder: string, engine: Engine): readonly Migration[] {
  const files = readdirSync(folder).filter((file) => /^\d{4}_\w+(\.(sqlite|postgres))?\.sql$/.test(file));
  return files
    .filter((file) => file.split('.').length === 2 || file.split('.')[1] === engine)
    .toSorted()
    .map((file) => {
      const text = readFileSync(join(folder, file), 'utf8').replaceAll('\r\n', '\n');
      return {
        name: file,
        checksum: createHash('sha256').update(text).digest('hex'),
        statements: statementsOf(text, engine),
      };
    });
}

/** `/* sqlite: … *\/` holds what only SQLite is to read; for PostgreSQL it stays a comment. */
const statementsOf = (text: string, engine: Engine): readonly string[] =>
  (engine === 'sqlite' ? text.replaceAll(/\/\* sqlite: (.*?) \*\//g, '$1') : text)
    .replaceAll(/^\s*--.*$/gm, '')
    .split(/;\s*$/m)
    .map((statement) => statement.trim())
    .filter((statement) => statement !== '');

async function apply(trx: Transaction<Tables>, engine: Engine, migration: Migration): Promise<boolean> {
  await takeTurns(trx, engine);
  const { name, checksum, statements } = migration;
  const known = await sql<{ checksum: string }>`select checksum from migrations where name = ${name}`.execute(trx);
  const [record] = known.rows;
  if (record !== undefined) {
    if (record.checksum === checksum) return false;
    throw new InvalidConfig(
      `Migration ${name} was applied to this database with other contents. Run the version of Zhiban that made it, or a newer one.`,
    );
  }
  for (const statement of statements) await trx.executeQuery(CompiledQuery.raw(statement));
  await sql`insert into migrations (name, checksum, applied_at) values (${name}, ${checksum}, ${Date.now()})`.execute(
    trx,
  );
  return true;
}

/** SQLite's one writer needs no more than its own transaction. The number is ours alone: `zhiban` in ASCII. */
async function takeTurns(trx: Transaction<Tables>, engine: Engine): Promise<void> {
  if (engine === 'postgres') await sql`select pg_advisory_xact_lock(134389127962990)`.execute(trx);
}
