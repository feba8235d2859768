import { openAsBlob } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { PGlite } from '@electric-sql/pglite';
import { createPgConfig } from '@electric-sql/pglite/node-postgres';
import { CompiledQuery, type DatabaseConnection, type Driver, Kysely } from 'kysely';
import pg from 'pg';
import type { Database } from '../../src/store/database.ts';
import { createGuard } from '../../src/store/guard.ts';
import { createPostgresDialect } from '../../src/store/postgres/dialect.ts';
import type { Tables } from '../../src/store/schema.ts';

/** Writes an empty database to `file`: to read it is several times as fast as to make another. */
export async function archivePglite(file: string): Promise<void> {
  const lite = await PGlite.create();
  const archive = await lite.dumpDataDir('none');
  await writeFile(file, archive.stream());
  await lite.close();
}

/**
 * An empty PostgreSQL inside this process, under the product's own dialect. It is one connection: everybody takes
 * turns, and nobody else can open it.
 */
export async function openPglite(archive: string): Promise<Database> {
  const lite = await PGlite.create({ loadDataDir: await openAsBlob(archive) });
  const pool = new pg.Pool(
    Object.assign(createPgConfig(lite), { max: 1, connectionTimeoutMillis: 10_000, types: { getTypeParser } }),
  );
  const guard = createGuard();
  const dialect = createPostgresDialect(pool, 'set default_transaction_read_only = off', guard.refuseInside);
  // One driver for both, because the names of prepared statements belong to the one connection.
  const driver = dialect.createDriver();
  const over = (own: Driver): Kysely<Tables> => new Kysely({ dialect: { ...dialect, createDriver: () => own } });
  const db = over(driver);
  return {
    engine: 'postgres',
    db,
    reader: over(readOnly(driver)),
    transaction: (work) => db.transaction().execute((trx) => guard.inside(() => work(trx))),
    close: async () => {
      await pool.end();
      await lite.close();
    },
  };
}

function readOnly(driver: Driver): Driver {
  const set = (connection: DatabaseConnection, state: 'on' | 'off') =>
    connection.executeQuery(CompiledQuery.raw(`set default_transaction_read_only = ${state}`));
  return {
    ...driver,
    acquireConnection: async () => {
      const connection = await driver.acquireConnection();
      await set(connection, 'on');
      return connection;
    },
    releaseConnection: async (connection) => {
      await set(connection, 'off');
      await driver.releaseConnection(connection);
    },
  };
}

const INT8 = 20;
const NUMERIC = 1700;

const getTypeParser: pg.CustomTypesConfig['getTypeParser'] = (oid: number) =>
  oid === INT8 || oid === NUMERIC ? Number : pg.types.getTypeParser(oid, 'text');
