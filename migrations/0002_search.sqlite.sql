-- Similar past incidents. Only closed incidents are here; the tokens are made by us, the engine only finds candidates.
create table search_docs (
  seq integer primary key,
  incident_id text not null,
  family text not null,
  tokens text not null,
  length bigint not null
);
create unique index search_docs_incident on search_docs (incident_id);

-- In how many documents a token stands; `counters` has the number of documents and their summed length.
create table search_terms (
  term text primary key,
  documents bigint not null
) without rowid;

-- Keeps no text: `search_docs.seq` is its rowid. Tokens arrive ready, so the tokenizer need only cut at spaces; where its
-- older Unicode tables cut a token all the same, positions (the default detail) still find it whole.
create virtual table search_index using fts5(
  terms,
  content = '',
  contentless_delete = 1,
  tokenize = "unicode61 remove_diacritics 0 tokenchars '_'"
);
