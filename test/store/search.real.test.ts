import { afterAll, beforeAll, expect, it } from 'vitest';
import { sql } from 'kysely';
import { findSimilar } from '../../src/diagnose/similar.ts';
import { tokensOf } from '../../src/diagnose/tokens.ts';
import type { Database, Engine, Write } from '../../src/store/database.ts';
import { createSearch } from '../../src/store/search.ts';
import { insertMany, jsonRows } from '../../src/store/set-wise.ts';
import { closedIncident } from './closed-incident.ts';
import { type Opened, describeEngines, openEngine } from '../support/engines.ts';

const DOCUMENTS = 100_000;
const SERVICES = 400;
const PROBLEMS = [
  '数据库连接池耗尽',
  '磁盘使用率过高',
  'KubePodCrashLooping',
  '接口响应慢 latency',
  '消息积压 consumer lag',
];

/** Templates and a few hundred services, as real histories have them: every word stands in thousands of documents. */
const titleOf = (index: number): string =>
  `[prod] service-${word(index % SERVICES)} ${PROBLEMS[index % PROBLEMS.length]} team-${word(index % 17)} cluster main`;
const word = (number: number): string =>
  Array.from(number.toString(26), (digit) => 'aeioubcdfghjklmnpqrstvwxyz'[Number.parseInt(digit, 26)]).join('') + 'or';

const tokens = (title: string) => tokensOf({ title, summary: '', labels: {} });

describeEngines('searching a hundred thousand closed incidents', (engine: Engine) => {
  let opened: Opened;
  let database: Database;
  let search: ReturnType<typeof createSearch>;
  beforeAll(async () => {
    opened = await openEngine(engine);
    database = opened.database;
    const write: Write = (_priority, work) => database.transaction((db) => work({ db, engine, hint: () => undefined }));
    search = createSearch({ database, write });
    await load(database);
  }, 170_000);
  afterAll(() => opened.close());

  /** The best of 15 searches, since the machine may be busy, and what was found. */
  async function timed(title: string, family: string) {
    const times: number[] = [];
    const found: string[][] = [];
    for (let round = 0; round < 15; round++) {
      const before = performance.now();
      const similar = await findSimilar(search, tokens(title), family, 'none');
      times.push(performance.now() - before);
      found.push(similar.map(({ incident }) => incident.title));
    }
    return { ms: Math.min(...times), found: found[0] ?? [] };
  }

  it.each([
    ['a service seen hundreds of times', titleOf(777)],
    ['words that stand in every document', '[prod] service cluster main team'],
    ['a service never seen', '[prod] service-neverseen 数据库连接池耗尽 team-or cluster main'],
  ])('takes less than 50 ms for %s', async (_what, title) => {
    for (const family of ['quota', '']) expect((await timed(title, family)).ms).toBeLessThan(50);
  });

  it('finds the same problem of the same service among them', async () => {
    const [service, problem] = titleOf(777).split(' ').slice(1);
    const { found } = await timed(titleOf(777), 'quota');
    expect(found).toHaveLength(3);
    for (const title of found) expect(title).toContain(`${service} ${problem}`);
  });

  it('takes one more incident in a few milliseconds', async () => {
    const times: number[] = [];
    for (let index = 0; index < 15; index++) {
      const before = performance.now();
      await search.put({ incidentId: `INC-more-${index}`, family: 'quota', tokens: tokens(titleOf(index)) });
      times.push(performance.now() - before);
    }
    expect(Math.min(...times)).toBeLessThan(50);
  });
});

/** Fills the tables as `put` would, in bulk. */
async function load(database: Database): Promise<void> {
  const documents = Array.from({ length: DOCUMENTS }, (_, index) => ({ id: `INC-${index}`, title: titleOf(index) }));
  const terms = new Map<string, number>();
  let length = 0;
  for (let from = 0; from < DOCUMENTS; from += 5000) {
    const chunk = documents.slice(from, from + 5000).map((one) => ({ ...one, tokens: tokens(one.title) }));
    for (const one of chunk) {
      length += one.tokens.length;
      for (const token of new Set(one.tokens)) terms.set(token, (terms.get(token) ?? 0) + 1);
    }
    await insertMany(
      database,
      'incidents',
      chunk.map(({ id, title }) => closedIncident(id, title)),
    );
    const rows = chunk.map((one) => ({
      incident_id: one.id,
      family: 'quota',
      tokens: one.tokens.join(' '),
      length: one.tokens.length,
    }));
    await database.db
      .insertInto('search_docs')
      .columns(['incident_id', 'family', 'tokens', 'length'])
      .expression(
        sql`select incident_id, family, tokens, length from ${jsonRows(database, rows, { incident_id: 'text', family: 'text', tokens: 'text', length: 'bigint' })} as r`,
      )
      .execute();
  }
  await insertMany(
    database,
    'search_terms',
    [...terms].map(([term, count]) => ({ term, documents: count })),
  );
  await insertMany(database, 'counters', [
    { name: 'search:documents', value: DOCUMENTS },
    { name: 'search:length', value: length },
  ]);
  await (
    database.engine === 'sqlite'
      ? sql`insert into search_index (rowid, terms) select seq, '_quota ' || tokens from search_docs`
      : sql`insert into search_index (seq, terms) select seq, array_to_tsvector(string_to_array('_quota ' || tokens, ' ')) from search_docs`
  ).execute(database.db);
  if (database.engine === 'postgres') await sql`analyze`.execute(database.db);
}
