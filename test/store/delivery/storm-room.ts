import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { watchStorms } from '../../../src/delivery/storm-watch.ts';
import type { Severity } from '../../../src/incident/alert.ts';
import type { IncidentAction } from '../../../src/incident/ports.ts';
import { showNow } from '../../../src/store/delivery/show-now.ts';
import { prune } from '../../../src/store/retention.ts';
import type { World } from '../../delivery/world.ts';

export const PER_MINUTE = 4;
export const ELSEWHERE = 'elsewhere';

const CONFIG = {
  stormPerMinute: PER_MINUTE,
  publicUrl: 'http://localhost:8080',
  timezone: 'UTC',
  locale: 'en-US',
  defaultTargetId: ELSEWHERE,
} as const;

export type Step =
  | { readonly kind: 'arrive'; readonly count: number; readonly severity: Severity }
  | { readonly kind: 'worsen' | 'recover' | 'show'; readonly at: number }
  | { readonly kind: 'act'; readonly at: number; readonly action: IncidentAction }
  | { readonly kind: 'pass'; readonly ms: number }
  | { readonly kind: 'look' | 'die' | 'revive' | 'prune' };

/** One target with storms, and everything that can happen to their members. */
export function createScene(world: World, room: string) {
  const { store, write, clock, time } = world;
  const { db } = world.database;
  const ids: string[] = [];
  const deps = { store, clock, config: CONFIG, newKey: randomUUID };
  const pick = (index: number): number => index % Math.max(1, ids.length);
  const alert = (index: number, more: object) => world.alert([`${room}-${pick(index)}`], { targetId: room, ...more });

  async function arrive(count: number, worst: Severity): Promise<void> {
    const names = Array.from({ length: count }, (_, index) => `${room}-${ids.length + index}`);
    const made = await world.alert(names, { severity: worst, targetId: room });
    ids.push(...made);
    const waiting = await write('delivery', (trx) => store.waitingFirstCards(trx, room));
    const folding = waiting.map(({ subjectId }) => subjectId);
    if (folding.length > 0) await write('delivery', (trx) => store.fold(trx, room, folding, clock.now()));
  }

  const look = (): Promise<boolean> => write('delivery', (trx) => watchStorms(trx, deps));

  async function run(one: Step): Promise<void> {
    if (one.kind === 'arrive') await arrive(one.count, one.severity);
    if (one.kind === 'worsen') await alert(one.at, { severity: 'critical' });
    if (one.kind === 'recover') await alert(one.at, { status: 'resolved' });
    if (one.kind === 'pass') time.ahead += one.ms;
    if (one.kind === 'look') await look();
    if (one.kind === 'die') await write('delivery', (trx) => store.killTarget(trx, room, 'gone', clock.now()));
    if (one.kind === 'revive') await write('delivery', (trx) => store.targetWorks(trx, room, clock.now()));
    if (one.kind === 'prune') await prune(world, clock.now(), 120_000);
    const id = 'at' in one ? ids[pick(one.at)] : undefined;
    if (id === undefined) return;
    if (one.kind === 'act') await world.act(id, one.action);
    if (one.kind === 'show') await write('press', (trx) => showNow(trx, id, room, clock.now()));
  }

  const storms = async (): Promise<readonly string[]> => {
    const rows = await db.selectFrom('storms').select('id').where('target_id', '=', room).orderBy('id').execute();
    return rows.map(({ id }) => id);
  };
  /** As claimed to be shown. */
  const views = async () => {
    const subjects = await storms();
    return [...(await write('delivery', (trx) => store.stormViews(trx, subjects))).values()];
  };

  async function naive(id: string) {
    const { rows: counted } = await sql<{ status: string; severity: string; n: number }>`
      select i.status, i.severity, count(*) as n from storm_members m join incidents i on i.id = m.incident_id
      where m.storm_id = ${id} group by i.status, i.severity`.execute(db);
    const { rows: listed } = await sql<{ id: string }>`
      select i.id from storm_members m join incidents i on i.id = m.incident_id
      where m.storm_id = ${id} and m.released_at is null
      order by case when i.status = 'resolved' then 1 else 0 end,
        case i.severity when 'critical' then 0 when 'warning' then 1 else 2 end, i.opened_at, i.seq limit 10`.execute(
      db,
    );
    const sum = (has: (row: (typeof counted)[number]) => boolean): number =>
      counted.filter(has).reduce((total, { n }) => total + n, 0);
    const by = (keys: readonly string[], column: 'status' | 'severity') =>
      Object.fromEntries(keys.map((key) => [key, sum((row) => row[column] === key)]));
    return {
      id,
      total: sum(() => true),
      bySeverity: by(['critical', 'warning', 'info'], 'severity'),
      byStatus: by(['open', 'acknowledged', 'resolved'], 'status'),
      listed: listed.map((row) => row.id),
    };
  }

  return {
    run,
    /** Every storm that is due, and every one that was shown, has been looked at. */
    looked: async () => {
      await views();
      time.ahead += 6000;
      for (let turn = 0; turn < 100 && (await look()); turn += 1);
    },
    cards: async () =>
      (await views()).map(({ id, total, bySeverity, byStatus, listed }) => ({
        id,
        total,
        bySeverity,
        byStatus,
        listed: listed.map((incident) => incident.id),
      })),
    recounted: async () => {
      const counted = [];
      for (const id of await storms()) counted.push(await naive(id));
      return counted;
    },
    watched: async (): Promise<number> => {
      const subjects = await storms();
      const due = await db.selectFrom('due').select('subject_id').where('kind', '=', 'storm').execute();
      return due.filter(({ subject_id: id }) => subjects.includes(id)).length;
    },
    /** All of its incidents are over, at a revision of theirs, without any other change. */
    end: async (revision: number): Promise<void> => {
      await db.updateTable('incidents').set({ status: 'resolved', revision }).where('id', 'in', ids).execute();
      const places = db.updateTable('placements').set({ wanted_revision: revision });
      await places.where('subject_id', 'in', ids).where('target_id', '=', room).execute();
    },
    /** Its storms have passed, and are to be looked at. */
    over: async (): Promise<void> => {
      const storming = db.updateTable('storms').set({ ended_at: clock.now() });
      await storming.where('target_id', '=', room).where('ended_at', 'is', null).execute();
      time.ahead += 6000;
    },
    /** Incidents whose card is to be shown. */
    due: async (): Promise<number> => {
      const places = db.selectFrom('placements').select('subject_id').where('target_id', '=', room);
      const open = places.where('kind', '=', 'incident').where('parked_reason', 'is', null);
      return (await open.whereRef('shown_revision', '<', 'wanted_revision').execute()).length;
    },
    folded: async (): Promise<number> => {
      const rows = await db
        .selectFrom('placements')
        .select('subject_id')
        .where('folded_into', 'is not', null)
        .where('target_id', '=', room)
        .execute();
      return rows.length;
    },
    wanted: async (): Promise<number> => {
      const row = await db
        .selectFrom('placements')
        .select('wanted_revision')
        .where('kind', '=', 'storm')
        .where('target_id', '=', room)
        .executeTakeFirstOrThrow();
      return row.wanted_revision;
    },
    /** Unresolved incidents that neither have a card here nor are to get one. */
    hidden: async (): Promise<readonly string[]> => {
      const { rows } = await sql<{ id: string }>`
        select i.id from placements p join incidents i on i.id = p.subject_id
        where p.target_id = ${room} and i.status <> 'resolved' and (
          p.parked_reason is not null or (p.first_shown_at is null and p.shown_revision >= p.wanted_revision))`.execute(
        db,
      );
      return rows.map(({ id }) => id);
    },
  };
}
