import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Engine, Handle } from '../../../src/store/database.ts';
import { currentDiagnoses } from '../../../src/store/delivery/current-diagnoses.ts';
import { type Opened, describeEngines, openEngine } from '../../support/engines.ts';
import { diagnosisRow, incidentRow } from '../rows.ts';

const NOW = 1_800_000_000_000;

describeEngines('the diagnosis that stands', (engine: Engine) => {
  let opened: Opened;
  let handle: Handle;

  beforeEach(async () => {
    opened = await openEngine(engine);
    handle = { db: opened.database.reader, engine };
    const { db } = opened.database;
    await db
      .insertInto('incidents')
      .values([incidentRow('INC-1'), incidentRow('INC-2'), incidentRow('INC-3', { status: 'resolved' })])
      .execute();
  });
  afterEach(() => opened.close());

  const due = (subject: string, dueAt: number, kind = 'diagnose') =>
    opened.database.db
      .insertInto('due')
      .values({
        kind,
        subject_id: subject,
        due_at: dueAt,
        payload: null,
        lease_token: null,
        lease_until: 0,
        attempts: 0,
        last_error: null,
      })
      .execute();
  const made = (id: string, incidentId: string, at: number) =>
    opened.database.db
      .insertInto('diagnoses')
      .values(diagnosisRow(id, incidentId, at))
      .execute();
  const all = async () =>
    [...(await currentDiagnoses(handle, ['INC-1', 'INC-2', 'INC-3', 'INC-9']))]
      .map(([incident, { id, status, incidentId }]) => [incident, id, status, incidentId === incident])
      .toSorted(([a = ''], [b = '']) => String(a).localeCompare(String(b)));

  it('is the latest, and none where there is none', async () => {
    expect(await all()).toEqual([]);
    await made('d1', 'INC-1', NOW);
    await made('d2', 'INC-1', NOW + 1);
    await due('INC-2', NOW, 'remind');
    expect(await all()).toEqual([['INC-1', 'd2', 'ready', true]]);
  });

  it('is pending while one is due, in the place of an earlier one too', async () => {
    await made('d1', 'INC-1', NOW);
    await due('INC-1', NOW + 1);
    await due('INC-2', NOW);
    expect(await all()).toEqual([
      ['INC-1', '', 'pending', true],
      ['INC-2', '', 'pending', true],
    ]);
  });

  it('is the one that was made, also while the row that asked for it still stands', async () => {
    await due('INC-1', NOW);
    await made('d1', 'INC-1', NOW);
    expect(await all()).toEqual([['INC-1', 'd1', 'ready', true]]);
  });

  it('is never pending once it is over', async () => {
    await due('INC-3', NOW);
    expect(await all()).toEqual([]);
    await made('d3', 'INC-3', NOW - 1);
    expect(await all()).toEqual([['INC-3', 'd3', 'ready', true]]);
  });
});
