import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { findSimilar } from '../../src/diagnose/similar.ts';
import { tokensOf } from '../../src/diagnose/tokens.ts';
import type { Database, Engine, Write } from '../../src/store/database.ts';
import { createSearch } from '../../src/store/search.ts';
import { removeFromIndex } from '../../src/store/search-index.ts';
import { insertMany } from '../../src/store/set-wise.ts';
import { closedIncident } from './closed-incident.ts';
import { type Opened, describeEngines, openEngine } from '../support/engines.ts';

describeEngines('the index of closed incidents', (engine: Engine) => {
  let opened: Opened;
  let database: Database;
  let search: ReturnType<typeof createSearch>;
  beforeAll(async () => {
    opened = await openEngine(engine);
    database = opened.database;
    const write: Write = (_priority, work) => database.transaction((db) => work({ db, engine, hint: () => undefined }));
    search = createSearch({ database, write });
  });
  afterAll(() => opened.close());
  beforeEach(async () => {
    const rows = await database.reader.selectFrom('search_docs').select('incident_id').execute();
    await database.transaction((db) =>
      removeFromIndex(
        { db, engine },
        rows.map((row) => row.incident_id),
      ),
    );
    await database.db.deleteFrom('incidents').execute();
  });

  async function close(
    id: string,
    title: string,
    family = '',
    more: { cause?: string; status?: string } = {},
  ): Promise<void> {
    await insertMany(database, 'incidents', [closedIncident(id, title, more)]);
    await search.put({ incidentId: id, family, tokens: tokens(title) });
  }
  const tokens = (title: string) => tokensOf({ title, summary: '', labels: {} });
  const similar = async (title: string, family = '', except = '') =>
    (await findSimilar(search, tokens(title), family, except)).map(({ incident }) => incident.id);
  const counts = async () => {
    const terms = await database.reader.selectFrom('search_terms').selectAll().execute();
    const corpus = await search.corpus([]);
    return {
      terms: Object.fromEntries(terms.map(({ term, documents }) => [term, documents])),
      documents: corpus.documents,
      averageLength: corpus.averageLength,
    };
  };

  it('finds the same problem of the same service first, by Chinese words of two characters too', async () => {
    await close('INC-1', 'payment 数据库连接池耗尽');
    await close('INC-2', 'orders 数据库连接池耗尽');
    await close('INC-3', '磁盘使用率过高 db-primary');
    expect(await similar('payment 数据库连接池耗尽')).toEqual(['INC-1', 'INC-2']);
    expect(await similar('db-primary 磁盘 告警')).toEqual(['INC-3']);
  });

  it('gives what people wrote down, and the times', async () => {
    await close('INC-1', 'payment 数据库连接池耗尽', '', { cause: '慢查询' });
    const [found] = await search.candidates({ terms: ['payment'], family: '', limit: 5 });
    expect(found).toMatchObject({
      id: 'INC-1',
      title: 'payment 数据库连接池耗尽',
      cause: '慢查询',
      openedAt: 1,
      resolvedAt: 2,
    });
    expect(found?.tokens).toEqual(tokens('payment 数据库连接池耗尽'));
  });

  it('looks in the family first, and in all of them too', async () => {
    await close('INC-1', 'payment is slow today', 'latency');
    await close('INC-2', 'payment is slow today', 'http_5xx');
    expect(await similar('payment is slow today', 'latency')).toEqual(['INC-1', 'INC-2']);
    const terms = ['payment', 'slow'];
    const narrowed = await search.candidates({ terms, family: 'latency', limit: 10 });
    expect(narrowed.map(({ id }) => id)).toEqual(['INC-1']);
    expect(await similar('payment is slow today')).toEqual(['INC-2', 'INC-1']);
  });

  it('never offers an incident as similar to itself, nor one that is open again', async () => {
    await close('INC-1', 'payment is slow today');
    await close('INC-2', 'payment is slow today', '', { status: 'open' });
    expect(await similar('payment is slow today', '', 'INC-1')).toEqual([]);
  });

  it('finds nothing in an empty index, for unknown words and for no words', async () => {
    expect(await similar('payment is slow')).toEqual([]);
    await close('INC-1', 'payment is slow');
    expect(await similar('完全不同的事情')).toEqual([]);
    expect(await similar('')).toEqual([]);
    expect(await search.candidates({ terms: [], family: '', limit: 5 })).toEqual([]);
  });

  it('gives the newest candidates when there are more than asked for', async () => {
    for (let index = 1; index <= 5; index++) await close(`INC-${index}`, 'payment slow');
    const found = await search.candidates({ terms: ['payment'], family: '', limit: 2 });
    expect(found.map(({ id }) => id)).toEqual(['INC-5', 'INC-4']);
  });

  it('lets no common word crowd out a rare one', async () => {
    await close('INC-1', 'payment slow');
    for (let index = 2; index <= 6; index++) await close(`INC-${index}`, 'orders slow');
    const found = await search.candidates({ terms: ['payment', 'slow'], family: '', limit: 3 });
    expect(found.map(({ id }) => id)).toEqual(['INC-6', 'INC-5', 'INC-1']);
  });

  it('replaces an incident that is indexed again', async () => {
    await close('INC-1', 'payment slow slow');
    const once = await counts();
    await search.put({ incidentId: 'INC-1', family: '', tokens: tokens('payment slow slow') });
    expect(await counts()).toEqual(once);
    await search.put({ incidentId: 'INC-1', family: '', tokens: tokens('orders') });
    expect(await counts()).toEqual({ terms: { orders: 1 }, documents: 1, averageLength: 1 });
    expect(await search.candidates({ terms: ['payment'], family: '', limit: 5 })).toEqual([]);
  });

  it('counts in how many documents a token stands, not how often', async () => {
    await close('INC-1', 'payment payment slow');
    await close('INC-2', 'payment');
    expect(await counts()).toEqual({ terms: { payment: 2, slow: 1 }, documents: 2, averageLength: 2 });
  });

  it('forgets incidents whole', async () => {
    await close('INC-1', 'payment slow');
    await close('INC-2', 'payment 磁盘');
    await database.transaction((db) => removeFromIndex({ db, engine }, ['INC-1', 'INC-77']));
    expect(await counts()).toEqual({ terms: { payment: 1, 磁盘: 1 }, documents: 1, averageLength: 2 });
    expect(await similar('payment slow')).not.toContain('INC-1');
    await database.transaction((db) => removeFromIndex({ db, engine }, ['INC-2']));
    expect(await counts()).toEqual({ terms: {}, documents: 0, averageLength: 0 });
  });

  it('takes an incident that has no words at all', async () => {
    await close('INC-1', '12345');
    expect((await counts()).documents).toBe(1);
  });

  it('takes any term as a word, never as syntax', async () => {
    await close('INC-1', 'payment slow');
    const terms = [`a" OR "b`, `x' & 'y`, 'NEAR(', 'paym*', `\\`, 'terms:payment', '(', '-'];
    expect(await search.candidates({ terms, family: '', limit: 5 })).toEqual([]);
  });
});
