import { type RawBuilder, sql } from 'kysely';
import type { Corpus } from '../diagnose/bm25.ts';
import type { IndexEntry, PastIncident, Search, SearchQuery } from '../diagnose/ports.ts';
import type { Database, Engine, Handle, Write } from './database.ts';
import { DOCUMENTS, LENGTH, familyTerm, indexClosed, split } from './search-index.ts';
import { textList } from './set-wise.ts';

/** The index of closed incidents: read on the reading connection, written as a job after the incident's own commit. */
export function createSearch({ database, write }: { readonly database: Database; readonly write: Write }) {
  const reading: Handle = { db: database.reader, engine: database.engine };
  return {
    corpus: (tokens: readonly string[]) => corpusOf(reading, tokens),
    candidates: (query: SearchQuery) => candidatesOf(reading, query),
    put: (entry: IndexEntry) => write('job', (trx) => indexClosed(trx, entry)),
  } satisfies Search & { put: (entry: IndexEntry) => Promise<void> };
}

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
