import { sql } from 'kysely';
import type { Report } from '../cards/report.ts';
import type { StatusView } from '../cards/view.ts';
import { SEVERITIES, type Severity } from '../incident/alert.ts';
import type { Reports } from '../operations/ports.ts';
import type { Clock, EpochMs } from '../types.ts';
import type { Database } from './database.ts';
import { incidentOf, present } from './delivery/rows.ts';

const MOST_FREQUENT = 5;
const WORST = 5;
const HOUR_MS = 3_600_000;
/** Longer than this, a report's chart has a bar for a day. */
const HOURLY_UP_TO_MS = 48 * HOUR_MS;

/** Counts over a stretch of time and the state of things now, on the reading connection. */
export function createReports({ database, clock }: { readonly database: Database; readonly clock: Clock }): Reports {
  const db = database.reader;
  return {
    report: (kind, from, to) => report(db, kind, from, to),
    status: () => status(db, clock.now()),
  };
}

type Reader = Database['reader'];

async function report(db: Reader, kind: Report['kind'], from: EpochMs, to: EpochMs): Promise<Report> {
  const [opened, resolved, times, noisiest, deliveries, openedOverTime, stillOpen] = await Promise.all([
    counts(db, 'opened_at', from, to),
    counts(db, 'resolved_at', from, to),
    means(db, from, to),
    frequent(db, from, to),
    delivered(db, from, to),
    overTime(db, from, to),
    openAt(db, to),
  ]);
  return { kind, from, to, opened, resolved, stillOpen, ...times, noisiest, deliveries, openedOverTime };
}

async function counts(db: Reader, column: 'opened_at' | 'resolved_at', from: EpochMs, to: EpochMs) {
  const rows = await db
    .selectFrom('incidents')
    .select(['severity', ({ fn }) => fn.countAll<number>().as('n')])
    .where(column, '>=', from)
    .where(column, '<', to)
    .groupBy('severity')
    .execute();
  return bySeverity(rows);
}

const bySeverity = (rows: readonly { severity: string; n: number }[]): Readonly<Record<Severity, number>> => {
  const of = (severity: Severity): number =>
    rows.filter((row) => row.severity === severity).reduce((sum, row) => sum + row.n, 0);
  return { critical: of('critical'), warning: of('warning'), info: of('info') };
};

/** Of the incidents opened in that time; `avg` of bigint is text on PostgreSQL, so it is cast. */
async function means(db: Reader, from: EpochMs, to: EpochMs) {
  const row = await db
    .selectFrom('incidents')
    .select([
      sql<number | null>`cast(avg(acknowledged_at - opened_at) as double precision)`.as('mtta'),
      sql<number | null>`cast(avg(resolved_at - opened_at) as double precision)`.as('mttr'),
    ])
    .where('opened_at', '>=', from)
    .where('opened_at', '<', to)
    .executeTakeFirst();
  return present({ mttaMs: row?.mtta, mttrMs: row?.mttr });
}

async function frequent(db: Reader, from: EpochMs, to: EpochMs) {
  const rows = await db
    .selectFrom('incidents')
    .select(['title', ({ fn }) => fn.countAll<number>().as('n')])
    .where('opened_at', '>=', from)
    .where('opened_at', '<', to)
    .groupBy('title')
    .orderBy('n', 'desc')
    .orderBy('title')
    .limit(MOST_FREQUENT)
    .execute();
  return rows.map(({ title, n }) => ({ title, count: n }));
}

async function delivered(db: Reader, from: EpochMs, to: EpochMs) {
  const rows = await db
    .selectFrom('attempts')
    .select(['outcome', ({ fn }) => fn.countAll<number>().as('n')])
    .where('at', '>=', from)
    .where('at', '<', to)
    .groupBy('outcome')
    .execute();
  const sum = (ok: boolean): number =>
    rows.filter(({ outcome }) => (outcome === 'ok') === ok).reduce((total, { n }) => total + n, 0);
  return { ok: sum(true), failed: sum(false) };
}

async function overTime(db: Reader, from: EpochMs, to: EpochMs) {
  const step = to - from <= HOURLY_UP_TO_MS ? HOUR_MS : 24 * HOUR_MS;
  const slot = sql<number>`cast((opened_at - ${sql.lit(from)}) / ${sql.lit(step)} as bigint)`;
  const rows = await db
    .selectFrom('incidents')
    .select([slot.as('slot'), ({ fn }) => fn.countAll<number>().as('n')])
    .where('opened_at', '>=', from)
    .where('opened_at', '<', to)
    .groupBy(slot)
    .execute();
  const counted = new Map(rows.map((row) => [row.slot, row.n]));
  const slots = Math.ceil((to - from) / step);
  return Array.from({ length: slots }, (_, index) => [from + index * step, counted.get(index) ?? 0] as const);
}

async function openAt(db: Reader, at: EpochMs): Promise<number> {
  const row = await db
    .selectFrom('incidents')
    .select(({ fn }) => fn.countAll<number>().as('n'))
    .where('opened_at', '<', at)
    .where((is) => is.or([is('resolved_at', 'is', null), is('resolved_at', '>=', at)]))
    .executeTakeFirstOrThrow();
  return row.n;
}

async function status(db: Reader, now: EpochMs): Promise<StatusView> {
  const unresolved = db.selectFrom('incidents').where('status', '<>', 'resolved');
  const grouped = await unresolved
    .select(['status', 'severity', ({ fn }) => fn.countAll<number>().as('n')])
    .groupBy(['status', 'severity'])
    .execute();
  const of = (wanted: string): number =>
    grouped.filter((row) => row.status === wanted).reduce((sum, { n }) => sum + n, 0);
  const worst = await unresolved.selectAll().orderBy(severityRank).orderBy('opened_at').limit(WORST).execute();
  const targets = await db
    .selectFrom('targets')
    .select(['name', 'state', 'pending'])
    .where('enabled', '=', 1)
    .execute();
  return {
    open: of('open'),
    acknowledged: of('acknowledged'),
    bySeverity: bySeverity(grouped),
    silences: await silenced(db, now),
    targets: targets.map(({ name, state, pending }) => ({ name, state, pending: pending === 1 })),
    waiting: await waiting(db, now),
    worst: worst.map(incidentOf),
  };
}

const severityRank = sql<number>`case severity ${sql.join(
  SEVERITIES.map((severity, rank) => sql`when ${sql.lit(severity)} then ${sql.lit(rank)}`),
  sql` `,
)} else 9 end`;

async function silenced(db: Reader, now: EpochMs): Promise<number> {
  const row = await db
    .selectFrom('silences')
    .select(({ fn }) => fn.countAll<number>().as('n'))
    .where('removed_at', 'is', null)
    .where('ends_at', '>', now)
    .executeTakeFirstOrThrow();
  return row.n;
}

/** What is due at the targets and not shown or sent yet. */
async function waiting(db: Reader, now: EpochMs): Promise<number> {
  const placements = await db
    .selectFrom('placements')
    .select(({ fn }) => fn.countAll<number>().as('n'))
    .where('parked_reason', 'is', null)
    .where('folded_into', 'is', null)
    .whereRef('shown_revision', '<', 'wanted_revision')
    .executeTakeFirstOrThrow();
  const messages = await db
    .selectFrom('outbox')
    .select(({ fn }) => fn.countAll<number>().as('n'))
    .where('state', '=', 'due')
    .where('not_before', '<=', now)
    .executeTakeFirstOrThrow();
  return placements.n + messages.n;
}
