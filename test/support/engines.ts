import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { describe, inject } from 'vitest';
import type { Database, Engine } from '../../src/store/database.ts';
import { migrate } from '../../src/store/migrate.ts';
import { openDatabase } from '../../src/store/open.ts';
import { createLog } from '../../src/telemetry/log.ts';

export const ENGINES = ['sqlite', 'postgres'] as const satisfies readonly Engine[];

/** Why the engine's own server is not here; `undefined` when it is. Under CI a missing one fails at `openEngine`. */
export function missing(engine: Engine): string | undefined {
  if (engine === 'sqlite' || process.env['CI']) return undefined;
  const server = inject('postgres');
  return 'missing' in server ? server.missing : undefined;
}

/**
 * `describe` once for each engine. Where PostgreSQL's server is missing, PGlite stands in for it: a test that needs
 * more than its one connection is to be skipped when `missing(engine)`.
 */
export function describeEngines(name: string, suite: (engine: Engine) => void): void {
  // oxlint-disable-next-line vitest/valid-title, vitest/valid-describe-callback -- the point of this function
  for (const engine of ENGINES) describe(titleOf(name, engine, 'PGlite: '), () => suite(engine));
}

/** The same for suites that need several connections throughout: visibly skipped where the server is missing. */
export function describeServers(name: string, suite: (engine: Engine) => void): void {
  for (const engine of ENGINES) {
    // oxlint-disable-next-line vitest/valid-title, vitest/valid-describe-callback -- the point of this function
    describe.skipIf(missing(engine) !== undefined)(titleOf(name, engine), () => suite(engine));
  }
}

function titleOf(name: string, engine: Engine, standIn = ''): string {
  const reason = missing(engine);
  return `${name} on ${engine}${reason === undefined ? '' : ` (${standIn}${reason})`}`;
}

export interface Opened {
  readonly database: Database;
  /** What `openDatabase` was given, to open it once more; PGlite cannot be. */
  readonly url: string;
  readonly dataDir: string;
  close(): Promise<void>;
}

export const SILENT = createLog('silent', []);

/** A fresh, migrated database of its own. */
export async function openEngine(engine: Engine): Promise<Opened> {
  const opened = await openEmpty(engine);
  await migrate(opened.database);
  return opened;
}

/** A fresh database without any table. */
export async function openEmpty(engine: Engine): Promise<Opened> {
  const dataDir = mkdtempSync(join(tmpdir(), 'zhiban-store-'));
  const made = engine === 'sqlite' ? { url: `sqlite:${join(dataDir, 'zhiban.db')}` } : await createPostgres();
  const database = 'open' in made ? await made.open() : await openDatabase({ url: made.url, dataDir, log: SILENT });
  return {
    database,
    url: made.url,
    dataDir,
    close: async () => {
      await database.close();
      if ('drop' in made) await made.drop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

async function createPostgres() {
  const server = inject('postgres');
  if ('archive' in server) {
    const { openPglite } = await import('./pglite.ts');
    return { url: 'pglite:', open: () => openPglite(server.archive) };
  }
  if ('missing' in server) throw new Error(server.missing);
  const name = `zhiban_${randomBytes(6).toString('hex')}`;
  await asAdmin(server.url, `create database ${name}`);
  return {
    url: `${server.url}/${name}`,
    drop: () => asAdmin(server.url, `drop database ${name} with (force)`),
  };
}

async function asAdmin(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: `${url}/postgres` });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
