import { CompiledQuery, type KyselyPlugin, type RawNode, type RootOperationNode } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Handle, Trx } from '../../../src/store/database.ts';
import { firstCards, fold, newPlacement } from '../../../src/store/delivery/first-cards.ts';
import { loadIncidentViews } from '../../../src/store/delivery/incident-view.ts';
import { waitingWork } from '../../../src/store/delivery/lanes.ts';
import { backlog, look } from '../../../src/store/delivery/look.ts';
import { rescue, rescueFrom } from '../../../src/store/delivery/rescue.ts';
import { absorbChanges, forgetMembers } from '../../../src/store/delivery/storm-members.ts';
import { criticalsLastMinute, releasedLastMinute, stormRate } from '../../../src/store/delivery/storm-rates.ts';
import { releaseMembers, settleStorm } from '../../../src/store/delivery/storm-release.ts';
import { loadStormViews } from '../../../src/store/delivery/storm-view.ts';
import { changeStorm, dueStorms } from '../../../src/store/delivery/storms.ts';
import { insertMany } from '../../../src/store/set-wise.ts';
import { type Opened, openEngine } from '../../support/engines.ts';
import { incidentRow } from '../rows.ts';

const NOW = 1_800_000_000_000;
const CUTOFFS = { youngSince: NOW - 300_000, youngShownBy: NOW - 5000, oldShownBy: NOW - 60_000 };

describe('what delivery asks again and again', () => {
  let opened: Opened;
  beforeAll(async () => {
    opened = await openEngine('sqlite');
  });
  afterAll(() => opened.close());

  /** The plans of every query that `work` makes, instead of their results. */
  async function plansOf(work: (trx: Trx) => Promise<unknown>): Promise<readonly string[]> {
    const plans: string[] = [];
    const explain: KyselyPlugin = {
      transformQuery: ({ node }) => {
        if (node.kind !== 'RawNode') return node;
        const raw: RawNode = node;
        return {
          ...raw,
          sqlFragments: [`explain query plan ${raw.sqlFragments[0] ?? ''}`, ...raw.sqlFragments.slice(1)],
        };
      },
      transformResult: async ({ result }) => {
        plans.push(...result.rows.map(({ detail }) => String(detail)));
        return { ...result, rows: [] };
      },
    };
    const handle: Handle = { engine: 'sqlite', db: opened.database.db.withPlugin(explain) };
    await work({ ...handle, hint: () => undefined });
    expect(plans.length).toBeGreaterThan(0);
    return plans;
  }

  const TABLES =
    /^SCAN (p|q|o|f|r|s|w\d|placements|outbox|incidents|i|attempts|storm_members)\b(?!.*USING (COVERING )?INDEX (placements_due|placements_parked|outbox_due|storms_one_active|incidents_one_unresolved_per_key))/u;

  it('never scans what grows with the history', async () => {
    const plans = [
      await plansOf((trx) => look(trx, ['fake'], 'me', NOW, CUTOFFS)),
      await plansOf((trx) => waitingWork(trx, ['a', 'b'], 5, NOW, CUTOFFS)),
      await plansOf((trx) => firstCards(trx, ['a', 'b'], NOW)),
      await plansOf((trx) => dueStorms(trx, { token: 't', until: NOW }, NOW)),
      await plansOf((trx) => rescue(trx, 'default', NOW)),
      await plansOf((trx) => rescueFrom(trx, 'a', 'default', NOW)),
      await plansOf((trx) => backlog(trx)),
    ].flat();
    expect(plans.filter((plan) => TABLES.test(plan))).toEqual([]);
  });

  it('finds what a card says by its incident', async () => {
    const plans = await plansOf((trx) => loadIncidentViews(trx, ['INC-1', 'INC-2']));
    expect(plans.filter((plan) => /^SCAN (a|d|i|t|w|alerts|diagnoses|due|incidents|timeline)\b/u.test(plan))).toEqual(
      [],
    );
  });

  it('finds due placements by the index of what is due', async () => {
    const plans = await plansOf((trx) => waitingWork(trx, ['a'], 5, NOW, CUTOFFS));
    expect(plans.filter((plan) => plan.includes('placements_due'))).not.toEqual([]);
    expect(plans.filter((plan) => plan.includes('outbox_due'))).not.toEqual([]);
  });
});

describe('what a storm asks', () => {
  let opened: Opened;
  beforeAll(async () => {
    opened = await openEngine('sqlite');
  });
  afterAll(() => opened.close());

  /** Does the work, and tells the plans of all of its statements but the keyed ones of `set-wise.ts`. */
  async function plansOf(work: (trx: Trx) => Promise<unknown>): Promise<readonly string[]> {
    const { db } = opened.database;
    const nodes: RootOperationNode[] = [];
    const record: KyselyPlugin = {
      transformQuery: ({ node }) => {
        nodes.push(node);
        return node;
      },
      transformResult: async ({ result }) => result,
    };
    await work({ engine: 'sqlite', db: db.withPlugin(record), hint: () => undefined });
    const plans: string[] = [];
    for (const node of nodes) {
      const { sql, parameters } = db.getExecutor().compileQuery(node, { queryId: 'plan' });
      const explain = CompiledQuery.raw(`explain query plan ${sql}`, [...parameters]);
      const { rows } = await db.executeQuery<{ detail: string }>(explain);
      plans.push(...rows.map(({ detail }) => detail));
    }
    return plans;
  }

  it('costs what changed or a limit, however many members it has', async () => {
    const { db } = opened.database;
    const ids = Array.from({ length: 30 }, (_, index) => `INC-${index}`);
    const handle: Handle = { engine: 'sqlite', db };
    await insertMany(
      handle,
      'incidents',
      ids.map((id, seq) => incidentRow(id, { seq, severity: seq < 10 ? 'critical' : 'info' })),
    );
    await insertMany(
      handle,
      'placements',
      ids.map((id) => newPlacement(id, 'room', NOW)),
    );
    const plans = [...(await plansOf((trx) => fold(trx, 'room', ids, NOW)))];
    const { id } = await db.selectFrom('storms').select('id').executeTakeFirstOrThrow();
    const storm = { id, targetId: 'room', revision: 1, startedAt: NOW };
    await db.updateTable('incidents').set({ status: 'resolved' }).where('seq', '>', 19).execute();
    await db.updateTable('placements').set({ wanted_revision: 2 }).where('kind', '=', 'incident').execute();
    const release = { count: 5, newKey: () => 'k' };
    const steps: readonly ((trx: Trx) => Promise<unknown>)[] = [
      (trx) => dueStorms(trx, { token: 't', until: NOW }, NOW),
      (trx) => absorbChanges(trx, storm),
      (trx) => stormRate(trx, storm, 50, NOW),
      (trx) => criticalsLastMinute(trx, 'room', 20, NOW),
      (trx) => releasedLastMinute(trx, id, 20, NOW),
      (trx) => releaseMembers(trx, storm, { ...release, only: 'critical' }, NOW),
      (trx) => releaseMembers(trx, storm, { ...release, count: 50, only: 'open' }, NOW),
      (trx) => settleStorm(trx, storm),
      (trx) => changeStorm(trx, storm, { raise: true, endedAt: NOW }, NOW),
      (trx) => loadStormViews(trx, [id]),
      (trx) => forgetMembers(trx, ids),
    ];
    for (const step of steps) plans.push(...(await plansOf(step)));

    // `r`, `m` and `json_each` are what a statement was given, or what its own limit left.
    expect(plans.filter((plan) => /^SCAN (?!json_each|r\b|m$|counted$|CONSTANT)/u.test(plan))).toEqual([]);
    expect(plans.filter((plan) => plan.includes('TEMP B-TREE'))).toEqual([]);
    expect(plans.filter((plan) => /INDEX placements_(?!uncounted|folded|target_shown)/u.test(plan))).toEqual([]);
    for (const index of [
      'placements USING INDEX placements_uncounted (target_id=?)',
      'placements USING INDEX placements_folded (folded_into=?)',
      'placements USING INDEX sqlite_autoindex_placements_1 (subject_id=? AND target_id=?)',
      'storm_members USING INDEX storm_members_listed (storm_id=?)',
      'm USING INDEX storm_members_listed (storm_id=? AND rank<?)',
      'storm_members USING COVERING INDEX storm_members_joined (storm_id=? AND joined_at>?)',
      'storm_members USING COVERING INDEX storm_members_released (storm_id=? AND released_at>?)',
    ]) {
      expect(plans).toContain(`SEARCH ${index}`);
    }
  });
});
