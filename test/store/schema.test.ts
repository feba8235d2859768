import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Engine } from '../../src/store/database.ts';
import { describeEngines, openEngine } from '../support/engines.ts';

const STORE = join(import.meta.dirname, '..', '..', 'src', 'store');

/** Made by SQLite's full-text search beside its virtual table. */
const SHADOWS = /_(data|idx|content|docsize|config)$/;

interface Column {
  readonly name: string;
  readonly nullable: boolean;
}

/** Tables and columns as `schema.ts` declares them, read from its text. */
function declared(): Map<string, Column[]> {
  const files = readdirSync(STORE).filter((name) => /^schema.*\.ts$/.test(name));
  const text = files.map((name) => readFileSync(join(STORE, name), 'utf8')).join('\n');
  const body = (name: string): string => {
    const found = new RegExp(`interface ${name} \\{([^}]*)\\}`).exec(text)?.[1];
    if (found === undefined) throw new Error(`schema.ts has no interface ${name}`);
    return found;
  };
  const tables = [...body('Tables').matchAll(/readonly (\w+): (\w+);/g)];
  return new Map(
    tables.map(([, table = '', type = '']) => [
      table,
      [...body(type).matchAll(/^ {2}(?:readonly )?(\w+): (.+);/gm)].map(([, name = '', kind = '']) => ({
        name,
        nullable: kind.includes('null'),
      })),
    ]),
  );
}

describeEngines('the schema', (engine: Engine) => {
  it('has the tables and columns that the code declares, nullable where the code says so', async () => {
    const opened = await openEngine(engine);
    const tables = await opened.database.db.introspection.getTables();
    await opened.close();
    const found = new Map(
      tables
        .filter(({ name }) => name !== 'migrations')
        .map(({ name, columns }) => [
          name,
          columns.map((column) => ({ name: column.name, nullable: column.isNullable })),
        ]),
    );
    // SQLite reports a text primary key as nullable.
    const nullable = (column: Column): boolean => engine === 'postgres' && column.nullable;
    const sorted = (columns: readonly Column[] = []): string[] =>
      columns.map((column) => `${column.name}${nullable(column) ? ' or null' : ''}`).toSorted();
    const expected = declared();
    expect(expected.size).toBeGreaterThan(20);
    const own = [...found].filter(([name]) => name !== 'search_index' && !SHADOWS.test(name));
    const listed = (list: Iterable<[string, readonly Column[]]>) =>
      Object.fromEntries([...list].map(([name, columns]) => [name, sorted(columns)]));
    expect(listed(own)).toEqual(listed(expected));
  });
});
