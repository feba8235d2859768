import { open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { sql } from 'kysely';
import { InvalidConfig } from '../errors.ts';
import type { Database } from './database.ts';
import { StorageCorrupt } from './faults.ts';
import { openSqliteReader } from './sqlite/open.ts';

/**
 * Writes a compact, checked copy of a SQLite database to `toPath` while it is in use; the copy appears under its name
 * only when whole. Throws `InvalidConfig` for PostgreSQL (naming pg_dump), `StorageCorrupt` when the copy is damaged.
 */
export async function backup({ file }: Pick<Database, 'file'>, toPath: string): Promise<void> {
  if (file === undefined) {
    throw new InvalidConfig(
      `PostgreSQL has its own tools: pg_dump --format=custom --file=${toPath} "$DATABASE_URL", and pg_restore to bring it back.`,
    );
  }
  const aside = `${toPath}.${process.pid}.part`;
  await rm(aside, { force: true });
  try {
    await copy(file, aside);
    await check(aside);
    await sync(aside);
    await rename(aside, toPath);
    await sync(dirname(join(toPath)));
  } finally {
    await rm(aside, { force: true });
  }
}

/** Whoever reads a backup reads every secret of the chat in it, so it is its owner's alone; SQLite fills an empty file. */
async function copy(file: string, to: string): Promise<void> {
  await (await open(to, 'wx', 0o600)).close();
  const source = openSqliteReader(file);
  try {
    await sql`vacuum into ${to}`.execute(source);
  } finally {
    await source.destroy();
  }
}

async function check(file: string): Promise<void> {
  const copied = openSqliteReader(file);
  try {
    const { rows } = await sql<{ quick_check: string }>`pragma quick_check(1)`.execute(copied);
    const [verdict] = rows;
    if (verdict?.quick_check !== 'ok') {
      throw new StorageCorrupt(`The copy is damaged (${verdict?.quick_check}); nothing was written.`);
    }
  } finally {
    await copied.destroy();
  }
}

/** Also of a folder, so that the new name itself survives a power cut. */
async function sync(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
