import { afterAll, beforeAll, expect, it } from 'vitest';
import type { NewChange } from '../../src/incident/change.ts';
import { createChanges } from '../../src/store/changes.ts';
import { InvalidCursor } from '../../src/store/cursor.ts';
import type { Engine, Write } from '../../src/store/database.ts';
import { prune } from '../../src/store/retention.ts';
import { type Opened, describeEngines, openEngine } from '../support/engines.ts';
import { committerOn } from './writing.ts';

const NOW = Date.parse('2026-11-22T08:00:00Z');
const MINUTE = 60_000;

const change = (more: Partial<NewChange> = {}): NewChange => ({
  at: NOW,
  kind: 'deploy',
  service: 'checkout',
  title: '发布 v2',
  source: 'api',
  labels: {},
  ...more,
});

describeEngines('changes', (engine: Engine) => {
  let opened: Opened;
  let write: Write;
  let changes: ReturnType<typeof createChanges>;
  beforeAll(async () => {
    opened = await openEngine(engine);
    const { database } = opened;
    ({ write } = committerOn(database));
    changes = createChanges({ database, write, clock: { now: () => NOW } });
  });
  afterAll(() => opened.close());

  it('are recorded once for each key of a sender, and the first telling stays', async () => {
    const first = await changes.record(change({ dedupeKey: 'run/1', version: 'v2', url: 'https://ci.example/1' }));
    expect(first).toMatchObject({ created: true, change: { dedupeKey: 'run/1', version: 'v2', createdAt: NOW } });
    const again = await changes.record(change({ dedupeKey: 'run/1', version: 'v3' }));
    expect(again).toEqual({ created: false, change: first.change });
    const other = await changes.record(change({ dedupeKey: 'run/1', source: 'gitlab', at: NOW - MINUTE }));
    expect(other).toMatchObject({ created: true, change: { source: 'gitlab', dedupeKey: 'run/1' } });
    const [a, b] = await Promise.all([1, 2].map(() => changes.record(change({ at: NOW - 2 * MINUTE }))));
    expect([a?.created, b?.created]).toEqual([true, true]);
    expect(await changes.get(first.change.id)).toEqual(first.change);
    expect(await changes.get('none')).toBeUndefined();
  });

  it('are told once however many tell at the same time', async () => {
    const told = await Promise.all(
      Array.from({ length: 8 }, () => changes.record(change({ dedupeKey: 'race', at: NOW - 3 * MINUTE }))),
    );
    expect(told.filter(({ created }) => created)).toHaveLength(1);
    expect(new Set(told.map(({ change: { id } }) => id)).size).toBe(1);
  });

  it('are listed latest first, page by page, and narrowed', async () => {
    await changes.record(
      change({ service: 'db', kind: 'config', environment: 'prod', labels: { team: 'pay' }, at: NOW - 30 * MINUTE }),
    );
    const first = await changes.list({ limit: 2 });
    const second = await changes.list({ limit: 50, cursor: first.next ?? '' });
    expect([first.total, first.items.length, second.items.length, second.next]).toEqual([6, 2, 4, null]);
    const times = [...first.items, ...second.items].map(({ at }) => at);
    expect(times).toEqual(times.toSorted((a, b) => b - a));
    const services = async (filter: Omit<Parameters<typeof changes.list>[0], 'limit'>) =>
      (await changes.list({ ...filter, limit: 50 })).items.map(({ service }) => service);
    expect(await services({ service: 'db' })).toEqual(['db']);
    expect(await services({ kind: 'config' })).toEqual(['db']);
    expect(await services({ environment: 'prod' })).toEqual(['db']);
    expect(await services({ labels: { team: 'pay' } })).toEqual(['db']);
    expect(await services({ q: '发布 DB' })).toEqual(['db']);
    expect(await services({ to: NOW - 20 * MINUTE })).toEqual(['db']);
    expect(await services({ service: 'none' })).toEqual([]);
    await expect(changes.list({ limit: 1, cursor: 'no' })).rejects.toBeInstanceOf(InvalidCursor);
  });

  it('are found by when they were made, both ends included', async () => {
    const found = await changes.between(NOW - 30 * MINUTE, NOW - 2 * MINUTE, 10);
    expect(found.map(({ at }) => NOW - at)).toEqual([2, 2, 3, 30].map((minutes) => minutes * MINUTE));
    expect(await changes.between(NOW - 30 * MINUTE, NOW, 1)).toHaveLength(1);
  });

  it('go when they are older than everything else that is kept', async () => {
    await changes.record(change({ service: 'ancient', at: NOW - 500 * 24 * 60 * MINUTE }));
    const { rows } = await prune({ database: opened.database, write }, NOW, 400 * 24 * 60 * MINUTE);
    expect(rows).toBe(1);
    expect((await changes.list({ limit: 50 })).total).toBe(6);
  });
});
