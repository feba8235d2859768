import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { IncidentRecord, MemoryRecord, VerdictRecord } from '../../src/diagnose/memory/record.ts';
import { findSimilar } from '../../src/diagnose/similar.ts';
import { tokensOf } from '../../src/diagnose/tokens.ts';
import type { Database, Engine, Write } from '../../src/store/database.ts';
import { remember } from '../../src/store/memory-import.ts';
import { memoryRecords, rememberedId } from '../../src/store/memory-records.ts';
import { prune } from '../../src/store/retention.ts';
import { indexClosed } from '../../src/store/search-index.ts';
import { createSearch } from '../../src/store/search.ts';
import { insertMany } from '../../src/store/set-wise.ts';
import { insertVerdict, verdictsOf } from '../../src/store/verdicts.ts';
import { type Opened, describeEngines, openEngine } from '../support/engines.ts';
import { incidentRow } from './rows.ts';

const DAY = 86_400_000;
const NOW = 1000 * DAY;

describeEngines('the memory of incidents', (engine: Engine) => {
  let opened: Opened;
  let database: Database;
  beforeAll(async () => {
    opened = await openEngine(engine);
    ({ database } = opened);
  });
  afterAll(() => opened.close());
  beforeEach(() => prune({ database, write }, NOW + 10_000 * DAY, 0));
  const write: Write = (_priority, work) => database.transaction((db) => work({ db, engine, hint: () => undefined }));

  const incident = (id: string, given: Partial<IncidentRecord> = {}): IncidentRecord => ({
    kind: 'incident',
    id,
    title: `payment ${id} pool exhausted`,
    summary: '',
    labels: { service: 'payment' },
    source: 'alertmanager',
    severity: 'critical',
    openedAt: NOW - 3 * DAY,
    resolvedAt: NOW - 2 * DAY,
    family: 'database_connections',
    ...given,
  });
  const verdict = (id: string, of: IncidentRecord, given: Partial<VerdictRecord> = {}): VerdictRecord => ({
    kind: 'verdict',
    id,
    incidentId: of.id,
    incidentOpenedAt: of.openedAt,
    family: 'database_connections',
    causeKey: 'database_connections/leak',
    cause: 'Connections are leaked',
    verdict: 'rejected',
    reason: 'flat since May',
    at: NOW - 2 * DAY,
    by: 'import',
    ...given,
  });
  const take = (incidents: readonly IncidentRecord[], verdicts: readonly VerdictRecord[] = []) => {
    const rememberable = incidents.map((one) => ({ ...one, family: one.family ?? '', tokens: tokensOf(one) }));
    return write('job', (trx) => remember(trx, { incidents: rememberable, verdicts }, NOW));
  };
  const all = async (since = 0): Promise<readonly MemoryRecord[]> => {
    const found: MemoryRecord[] = [];
    for await (const one of memoryRecords({ db: database.reader, engine }, since)) found.push(one);
    return found;
  };
  const own = async (id: string, more: Parameters<typeof incidentRow>[1] = {}): Promise<void> => {
    const times = { opened_at: NOW - 3 * DAY, resolved_at: NOW - 2 * DAY };
    await insertMany(database, 'incidents', [incidentRow(id, { status: 'resolved', ...times, ...more })]);
  };
  const search = () => createSearch({ database, write });

  it('finds what was imported as similar, and its verdicts, as if it had happened here', async () => {
    const past = incident('INC-20261101-001', { cause: 'The pool of payment was too small' });
    expect(await take([past], [verdict('v1', past)])).toEqual({ incidents: 1, verdicts: 1, known: 0, orphans: [] });
    const id = rememberedId(past.id, past.openedAt);
    const [found] = await findSimilar(search(), tokensOf(past), '', 'INC-9');
    expect(found?.incident).toMatchObject({ id, cause: past.cause, resolvedAt: past.resolvedAt });
    expect(await verdictsOf(database, 'other', ['INC-9', id])).toMatchObject([
      { incidentId: id, verdict: 'rejected', reason: 'flat since May', about: { title: past.title } },
    ]);
  });

  it('takes the same once, however often it comes', async () => {
    const past = incident('INC-1');
    await take([past, past], [verdict('v1', past)]);
    const before = await all();
    expect(await take([past], [verdict('v1', past)])).toEqual({ incidents: 0, verdicts: 0, known: 2, orphans: [] });
    expect(await all()).toEqual(before);
    expect((await search().corpus(['payment'])).documents).toBe(1);
  });

  it('tells another installation’s incident from ours of the same id, and knows its own again', async () => {
    await own('INC-1');
    const theirs = incident('INC-1', { openedAt: NOW - 4 * DAY });
    const ours = incident('INC-1');
    expect(await take([theirs, ours])).toMatchObject({ incidents: 1, known: 1 });
    expect(await take([], [verdict('v1', theirs), verdict('v2', ours)])).toMatchObject({ verdicts: 2 });
    const records = await all();
    expect(records.map((one) => [one.kind, one.kind === 'incident' ? one.id : one.incidentId])).toEqual([
      ['incident', 'INC-1'],
      ['verdict', 'INC-1'],
      ['incident', rememberedId('INC-1', theirs.openedAt)],
      ['verdict', rememberedId('INC-1', theirs.openedAt)],
    ]);
  });

  it('comes back from where it was taken to without being doubled', async () => {
    const past = incident('INC-1');
    await take([past], [verdict('v1', past)]);
    const records = await all();
    const again = await take(
      records.filter((one) => one.kind === 'incident'),
      records.filter((one) => one.kind === 'verdict'),
    );
    expect(again).toEqual({ incidents: 0, verdicts: 0, known: 2, orphans: [] });
  });

  it('leaves out a verdict whose incident is not here', async () => {
    const lost = verdict('v1', incident('INC-7'));
    expect(await take([], [lost])).toEqual({ incidents: 0, verdicts: 0, known: 0, orphans: [lost] });
  });

  it('gives out closed incidents only, the latest first, page by page, and only those closed since', async () => {
    await own('open', { status: 'open', resolved_at: null });
    const rows = Array.from({ length: 450 }, (_, at) =>
      incidentRow(`INC-${at}`, {
        status: 'resolved',
        seq: at,
        opened_at: 1000 + Math.floor(at / 2),
        resolved_at: 5000 + at,
      }),
    );
    await insertMany(database, 'incidents', rows);
    await insertVerdict(database, {
      ...verdict('', incident('INC-17')),
      incidentId: 'INC-17',
      diagnosisId: 'd',
      actorId: 'lark:ou_1',
    });
    const records = await all();
    expect(records).toHaveLength(451);
    const ids = records.flatMap((one) => (one.kind === 'incident' ? [one.id] : []));
    expect(ids).toEqual(rows.map(({ id }) => id).toReversed());
    expect(records.find(({ kind }) => kind === 'verdict')).toMatchObject({ by: 'lark:ou_1', incidentOpenedAt: 1008 });
    expect(await all(5000 + 448)).toHaveLength(2);
  });

  it('counts what was imported as older than what happened here', async () => {
    await own('INC-1', { title: 'payment pool exhausted' });
    await write('job', (trx) => indexClosed(trx, { incidentId: 'INC-1', family: '', tokens: ['payment', 'pool'] }));
    await take([incident('INC-2'), incident('INC-3')]);
    await take([incident('INC-4')]);
    const found = await search().candidates({ terms: ['payment'], family: '', limit: 10 });
    expect(found.map(({ id }) => id.replace(/~.*/, ''))).toEqual(['INC-1', 'INC-2', 'INC-3', 'INC-4']);
  });

  it('forgets what was imported when it is older than what is kept, with its verdicts', async () => {
    const [old, young] = [incident('INC-1', { openedAt: 1, resolvedAt: DAY }), incident('INC-2')];
    await take([old, young], [verdict('v1', old), verdict('v2', young)]);
    expect(await prune({ database, write }, NOW, 400 * DAY)).toEqual({ incidents: 0, rows: 2 });
    const left = await all();
    expect(left.map(({ id }) => id)).toEqual([rememberedId('INC-2', young.openedAt), 'v2']);
    expect((await search().corpus(['payment', 'pool'])).documents).toBe(1);
  });
});

describeEngines('verdicts that are read for a diagnosis', (engine: Engine) => {
  let opened: Opened;
  beforeAll(async () => {
    opened = await openEngine(engine);
  });
  afterAll(() => opened.close());

  it('are those of the incident and its likes, the latest of the family, and the latest of all', async () => {
    const { database } = opened;
    const ids = ['like', 'kin', 'lately', 'old'];
    await insertMany(
      database,
      'incidents',
      [...ids, 'many'].map((id) => incidentRow(id, { title: `about ${id}` })),
    );
    const say = (incidentId: string, family: string, at: number) =>
      insertVerdict(database, {
        incidentId,
        diagnosisId: 'd',
        family,
        causeKey: `${family}/x`,
        cause: 'x',
        verdict: 'confirmed',
        actorId: 'a',
        at,
      });
    await say('like', 'b', 1);
    await say('old', 'b', 2);
    await say('kin', 'a', 3);
    for (let at = 0; at < 200; at++) await say('many', 'c', 10 + at);
    await say('lately', 'b', 1000);
    const found = await verdictsOf(database, 'a', ['INC-9', 'like']);
    expect(found[0]).toMatchObject({ incidentId: 'lately', about: { title: 'about lately' } });
    const named = new Set(found.map(({ incidentId }) => incidentId));
    expect([...named].toSorted()).toEqual(['kin', 'lately', 'like', 'many']);
    expect(found).toHaveLength(202);
  });
});
