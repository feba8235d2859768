import { type RawBuilder, sql } from 'kysely';
import type { Corpus } from '../diagnose/bm25.ts';
import type { IndexEntry, PastIncident, Search, SearchQuery } from '../diagnose/ports.ts';
import type { Database, Engine, Handle, Write } from './database.ts';
import { jsonRows, textList } from './set-wise.ts';

/** The index of closed incidents: read on the reading connection, written as a job after the incident's own commit. */
export function createSearch({ database, write }: { readonly database: Database; readonly write: Write }) {
  const reading: Handle = { db: database.reader, engine: database.engine };
  return {
    corpus: (tokens: readonly string[]) => corpusOf(reading, tokens),
    candidates: (query: SearchQuery) => candidatesOf(reading, query),
    put: (entry: IndexEntry) => write('job', (trx) => indexClosed(trx, entry)),
  } satisfies Search & { put: (entry: IndexEntry) => Promise<void> };
}

/** Adds a closed incident to the index, or replaces what was known of it, inside the caller's transaction. */
export async function indexClosed(trx: Handle, { incidentId, family, tokens }: IndexEntry): Promise<void> {
  await removeFromIndex(trx, [incidentId]);
  const { seq } = await trx.db
    .insertInto('search_docs')
    .values({ incident_id: incidentId, family, tokens: tokens.join(' '), length: tokens.length })
    .returning('seq')
    .executeTakeFirstOrThrow();
  const distinct = [...new Set(tokens)];
  const terms = [familyTerm(family), ...distinct].join(' ');
  await (
    trx.engine === 'sqlite'
      ? sql`insert into search_index (rowid, terms) values (${seq}, ${terms})`
      : sql`insert into search_index (seq, terms) values (${seq}, array_to_tsvector(string_to_array(${terms}, ' ')))`
  ).execute(trx.db);
  await count(trx, new Map(distinct.map((token) => [token, 1])), { documents: 1, length: tokens.length });
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

const DOCUMENTS = 'search:documents';
const LENGTH = 'search:length';

async function corpusOf(reading: Handle, tokens: readonly string[]): Promise<Corpus> {
  const totals = await reading.db.selectFrom('counters').selectAll().where('name', 'in', [DOCUMENTS, LENGTH]).execute();
  const total = (name: string): number => totals.find((row) => row.name === name)?.value ?? 0;
  const documents = total(DOCUMENTS);
  const terms = await reading.db
    .selectFrom('search_terms')
    .selectAll()
    .where('term', 'in', textList(reading, tokens))
    .execute();
  const frequencies = new Map(terms.map((row) => [row.term, row.documents]));
  return { documents, averageLength: documents > 0 ? total(LENGTH) / documents : 0, frequencies };
}

interface CandidateRow {
  readonly incident_id: string;
  readonly tokens: string;
  readonly title: string;
  readonly summary: string;
  readonly labels: string;
  readonly cause: string | null;
  readonly opened_at: number;
  readonly resolved_at: number;
}

async function candidatesOf(reading: Handle, query: SearchQuery): Promise<readonly PastIncident[]> {
  if (query.terms.length === 0) return [];
  const found = await sql<CandidateRow>`
    select d.incident_id, d.tokens, coalesce(i.title, r.title) as title, coalesce(i.summary, r.summary) as summary,
      coalesce(i.labels, r.labels) as labels, coalesce(i.cause, r.cause) as cause,
      coalesce(i.opened_at, r.opened_at) as opened_at, coalesce(i.resolved_at, r.resolved_at) as resolved_at
    from (${matching(reading.engine, query)}) as m
    join search_docs d on d.seq = m.seq
    left join incidents i on i.id = d.incident_id
    left join remembered_incidents r on r.id = d.incident_id
    where i.status = 'resolved' or r.id is not null order by m.seq desc`.execute(reading.db);
  return found.rows.map(pastIncident);
}

/**
 * The rarest term fills the candidates first, what is left goes to the next: asked for all at once, the newest
 * documents of a common word would crowd out every document of a rare one. Each term stops at the newest `limit`, so
 * a word in half the documents costs no more than one in a few.
 */
function matching(engine: Engine, { terms, family, limit }: SearchQuery): RawBuilder<unknown> {
  const each = terms.map((term, turn) => {
    const one = engine === 'sqlite' ? sqliteTerm(term, family, limit) : postgresTerm(term, family, limit);
    return sql`select seq, ${sql.lit(turn)} as turn from (${one}) as t`;
  });
  return sql`select seq from (${sql.join(each, sql` union all `)}) as u group by seq order by min(turn), seq desc limit ${limit}`;
}

function sqliteTerm(term: string, family: string, limit: number): RawBuilder<unknown> {
  const words = [...(family === '' ? [] : [familyTerm(family)]), term].map((word) => `"${word.replaceAll('"', '""')}"`);
  return sql`select rowid as seq from search_index where search_index match ${words.join(' AND ')} order by rowid desc limit ${limit}`;
}

function postgresTerm(term: string, family: string, limit: number): RawBuilder<unknown> {
  const words = [...(family === '' ? [] : [familyTerm(family)]), term].map(
    (word) => `'${word.replaceAll(/['\\]/g, '$&$&')}'`,
  );
  return sql`select seq from search_index where terms @@ ${words.join(' & ')}::tsquery order by seq desc limit ${limit}`;
}

/** Cannot be one of our tokens: they have no underscore. */
const familyTerm = (family: string): string => `_${family === '' ? 'none' : family}`;

const seqColumn = (engine: Engine): string => (engine === 'sqlite' ? 'rowid' : 'seq');

const split = (tokens: string): readonly string[] => (tokens === '' ? [] : tokens.split(' '));

const pastIncident = (row: CandidateRow): PastIncident => ({
  id: row.incident_id,
  tokens: split(row.tokens),
  title: row.title,
  summary: row.summary,
  labels: JSON.parse(row.labels),
  openedAt: row.opened_at,
  resolvedAt: row.resolved_at,
  ...(row.cause === null ? {} : { cause: row.cause }),
});
