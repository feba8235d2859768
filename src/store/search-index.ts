import { sql } from 'kysely';
import type { IndexEntry } from '../diagnose/ports.ts';
import type { Engine, Handle } from './database.ts';
import { jsonRows, textList } from './set-wise.ts';

/** Adds a closed incident to the index, or replaces what was known of it, inside the caller's transaction. */
export async function indexClosed(trx: Handle, entry: IndexEntry): Promise<void> {
  await removeFromIndex(trx, [entry.incidentId]);
  await indexAll(trx, [entry]);
}

/**
 * Adds incidents that are not in the index, inside the caller's transaction. `older`: they count as older than all that
 * is there, the first as the youngest of them, so that they never crowd out what happened here.
 */
export async function indexAll(
  trx: Handle,
  entries: readonly IndexEntry[],
  { older = false }: { readonly older?: boolean } = {},
): Promise<void> {
  if (entries.length === 0) return;
  const terms = new Map<string, number>();
  let before = older ? await firstSeq(trx) : undefined;
  for (const { incidentId, family, tokens } of entries) {
    if (before !== undefined) before -= 1;
    const distinct = [...new Set(tokens)];
    await insertDocument(trx, before, { incidentId, family, tokens }, distinct);
    for (const token of distinct) terms.set(token, (terms.get(token) ?? 0) + 1);
  }
  const length = entries.reduce((sum, { tokens }) => sum + tokens.length, 0);
  await count(trx, terms, { documents: entries.length, length });
}

/** Seqs that the engine gives start at 1; what counts as older gets those below. */
async function firstSeq({ db }: Handle): Promise<number> {
  const found = await db.selectFrom('search_docs').select('seq').orderBy('seq').limit(1).executeTakeFirst();
  return Math.min(0, found?.seq ?? 0);
}

async function insertDocument(
  trx: Handle,
  at: number | undefined,
  { incidentId, family, tokens }: IndexEntry,
  distinct: readonly string[],
): Promise<void> {
  const { seq } = await trx.db
    .insertInto('search_docs')
    .values({
      ...(at === undefined ? {} : { seq: at }),
      incident_id: incidentId,
      family,
      tokens: tokens.join(' '),
      length: tokens.length,
    })
    .returning('seq')
    .executeTakeFirstOrThrow();
  const terms = [familyTerm(family), ...distinct].join(' ');
  await (
    trx.engine === 'sqlite'
      ? sql`insert into search_index (rowid, terms) values (${seq}, ${terms})`
      : sql`insert into search_index (seq, terms) values (${seq}, array_to_tsvector(string_to_array(${terms}, ' ')))`
  ).execute(trx.db);
}

/** Forgets incidents, for retention; ids that are not in the index are skipped. */
export async function removeFromIndex(trx: Handle, incidentIds: readonly string[]): Promise<void> {
  const gone = await trx.db
    .deleteFrom('search_docs')
    .where('incident_id', 'in', textList(trx, incidentIds))
    .returning(['seq', 'tokens', 'length'])
    .execute();
  if (gone.length === 0) return;
  const seqs = jsonRows(
    trx,
    gone.map(({ seq }) => ({ seq })),
    { seq: 'bigint' },
  );
  await sql`delete from search_index where ${sql.ref(seqColumn(trx.engine))} in ${seqs}`.execute(trx.db);
  const terms = new Map<string, number>();
  for (const { tokens } of gone) {
    for (const token of new Set(split(tokens))) terms.set(token, (terms.get(token) ?? 0) - 1);
  }
  const length = gone.reduce((sum, row) => sum + row.length, 0);
  await count(trx, terms, { documents: -gone.length, length: -length });
}

/** Keeps the counts by which rarity is known. Sorted, so that two replicas never wait for each other. */
async function count(
  trx: Handle,
  terms: ReadonlyMap<string, number>,
  totals: { readonly documents: number; readonly length: number },
): Promise<void> {
  const rows = [...terms]
    .map(([term, documents]) => ({ term, documents }))
    .toSorted((a, b) => (a.term < b.term ? -1 : 1));
  if (rows.length > 0) {
    await sql`insert into search_terms (term, documents) select term, documents from ${jsonRows(trx, rows, { term: 'text', documents: 'bigint' })} as r
      where true on conflict (term) do update set documents = search_terms.documents + excluded.documents`.execute(
      trx.db,
    );
    if (totals.documents < 0)
      await trx.db
        .deleteFrom('search_terms')
        .where('documents', '<=', 0)
        .where(
          'term',
          'in',
          textList(
            trx,
            rows.map(({ term }) => term),
          ),
        )
        .execute();
  }
  const counters = [
    { name: DOCUMENTS, value: totals.documents },
    { name: LENGTH, value: totals.length },
  ];
  await trx.db
    .insertInto('counters')
    .values(counters)
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ value: sql`counters.value + excluded.value` }))
    .execute();
}

/** Names of counters: how many documents, and their summed length. */
export const DOCUMENTS = 'search:documents';
export const LENGTH = 'search:length';

/** Cannot be one of our tokens: they have no underscore. */
export const familyTerm = (family: string): string => `_${family === '' ? 'none' : family}`;

const seqColumn = (engine: Engine): string => (engine === 'sqlite' ? 'rowid' : 'seq');

/** The tokens of a document's row. */
export const split = (tokens: string): readonly string[] => (tokens === '' ? [] : tokens.split(' '));
