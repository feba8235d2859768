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

/** Why this engine cannot be tested here; `undefined` when it can. Under CI a missing engine fails at `openEngine`. */
export function missing(engine: Engine): string | undefined {
  if (engine === 'sqlite' || process.env['CI']) return undefined;
  const server = inject('postgres');
  return 'missing' in server ? server.missing : undefined;
}

/** `describe` once for each engine, visibly skipped where it is missing. */
export function describeEngines(name: string, suite: (engine: Engine) => void): void {
  for (const engine of ENGINES) {
    const reason = missing(engine);
    const title = `${name} on ${engine}`;
    const suiteOfEngine = (): void => suite(engine);
    // oxlint-disable vitest/no-conditional-tests, vitest/valid-title, vitest/no-disabled-tests, vitest/valid-describe-callback -- the point of this function
    if (reason === undefined) describe(title, suiteOfEngine);
    else describe.skip(`${title} (${reason})`, suiteOfEngine);
    // oxlint-enable
  }
}

export interface Opened {
  readonly database: Database;
  /** What `openDatabase` was given, to open it once more. */
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
  const database = await openDatabase({ url: made.url, dataDir, log: SILENT });
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

async function createPostgres(): Promise<{ readonly url: string; drop(): Promise<void> }> {
  const server = inject('postgres');
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
