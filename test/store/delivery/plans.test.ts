import type { KyselyPlugin, RawNode } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Handle, Trx } from '../../../src/store/database.ts';
import { dueStorms } from '../../../src/store/delivery/storms.ts';
import { firstCards } from '../../../src/store/delivery/first-cards.ts';
import { loadIncidentViews } from '../../../src/store/delivery/incident-view.ts';
import { waitingWork } from '../../../src/store/delivery/lanes.ts';
import { backlog, look } from '../../../src/store/delivery/look.ts';
import { rescue } from '../../../src/store/delivery/rescue.ts';
import { type Opened, openEngine } from '../../support/engines.ts';

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
    /^SCAN (p|q|o|f|r|s|w\d|placements|outbox|incidents|i|attempts|storm_members)\b(?!.*USING (COVERING )?INDEX (placements_due|placements_parked|outbox_due|storms_one_active))/u;

  it('never scans what grows with the history', async () => {
    const plans = [
      await plansOf((trx) => look(trx, ['fake'], 'me', NOW, CUTOFFS)),
      await plansOf((trx) => waitingWork(trx, ['a', 'b'], 5, NOW, CUTOFFS)),
      await plansOf((trx) => firstCards(trx, ['a', 'b'], NOW)),
      await plansOf((trx) => dueStorms(trx, { token: 't', until: NOW }, NOW)),
      await plansOf((trx) => rescue(trx, 'default', NOW)),
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
