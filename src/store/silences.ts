import { sql } from 'kysely';
import type { Actor, IncidentId } from '../incident/incident.ts';
import { type Matcher, readMatchers } from '../incident/matchers.ts';
import type { ActiveSilence } from '../incident/silences.ts';
import type { Silence, Silences } from '../operations/silences-port.ts';
import type { Clock, EpochMs } from '../types.ts';
import type { Database, Handle, Trx, Write } from './database.ts';
import { rowId } from './ids.ts';
import { keepAnswer, readInbound, takeInbound } from './inbound.ts';
import { compiledMatchers } from './routes.ts';
import { scheduleMany } from './schedule.ts';
import type { Row } from './schema.ts';

export interface SilencesDeps {
  readonly database: Database;
  readonly write: Write;
  readonly clock: Clock;
}

/** Silences by matchers; those of one incident are made through `Respond` and are listed here with it. */
export function createSilences({ database, write, clock }: SilencesDeps): Silences {
  return {
    create: ({ inboundKey, ...silence }) => write('press', (trx) => addOnce(trx, silence, inboundKey, clock.now())),
    active: () => listActive({ db: database.reader, engine: database.engine }, clock.now()),
    remove: (id, actor) => write('press', (trx) => removeSilence(trx, id, actor, clock.now())),
  };
}

export interface NewSilence {
  readonly incidentId?: IncidentId;
  readonly matchers: readonly Matcher[];
  readonly until: EpochMs;
  readonly reason?: string;
  readonly actor: Actor;
}

/** A platform that repeats an event, to another replica too, is given the silence it made then. */
async function addOnce(trx: Trx, silence: NewSilence, key: string | undefined, now: EpochMs): Promise<Silence> {
  if (key === undefined) return addSilence(trx, silence, now);
  const source = `silence:${silence.actor.via}`;
  if (!(await takeInbound(trx, source, key, now))) {
    const made = await silenceById(trx, (await readInbound(trx, source, key))?.answer ?? '');
    if (made !== undefined) return made;
  }
  const added = await addSilence(trx, silence, now);
  await keepAnswer(trx, source, key, added.id);
  return added;
}

/** Stores a silence; one by matchers gets a due-row at its end, because incidents may appear then. */
export async function addSilence(trx: Trx, silence: NewSilence, now: EpochMs): Promise<Silence> {
  const row = {
    id: `S-${rowId(now)}`,
    incident_id: silence.incidentId ?? null,
    matchers: JSON.stringify(silence.matchers),
    starts_at: now,
    ends_at: silence.until,
    reason: silence.reason ?? null,
    created_by: silence.actor.id,
    created_name: silence.actor.name,
    created_at: now,
    removed_at: null,
    removed_by: null,
  };
  await trx.db.insertInto('silences').values(row).execute();
  if (silence.incidentId === undefined) {
    await scheduleMany(trx, [{ kind: 'silence_end', subject: row.id, dueAt: silence.until }]);
  }
  return silenceOf(row);
}

/** Ends a silence by matchers now; what it hid appears through its due-row at once. */
async function removeSilence(trx: Trx, id: string, actor: Actor, now: EpochMs): Promise<boolean> {
  const { numUpdatedRows } = await trx.db
    .updateTable('silences')
    .set({ removed_at: now, removed_by: actor.id })
    .where('id', '=', id)
    .where('incident_id', 'is', null)
    .where('removed_at', 'is', null)
    .where('ends_at', '>', now)
    .executeTakeFirst();
  if (numUpdatedRows === 0n) return false;
  await scheduleMany(trx, [{ kind: 'silence_end', subject: id, dueAt: now }]);
  return true;
}

/** The rows that list an incident's own silence give way to a newer one, or to its end. */
export async function endIncidentSilence(trx: Trx, id: IncidentId, actor: Actor, now: EpochMs): Promise<void> {
  await trx.db
    .updateTable('silences')
    .set({ removed_at: now, removed_by: actor.id })
    .where('removed_at', 'is', null)
    .where('ends_at', '>', now)
    .where('incident_id', '=', id)
    .execute();
}

/** Silences by matchers in force, compiled. */
export async function activeSilences({ db }: Handle, now: EpochMs): Promise<readonly ActiveSilence[]> {
  const rows = await db
    .selectFrom('silences')
    .select(['matchers', 'ends_at'])
    .where('removed_at', 'is', null)
    .where('ends_at', '>', now)
    .where('incident_id', 'is', null)
    .execute();
  return rows.map(({ matchers, ends_at: endsAt }) => ({ endsAt, matches: compiledMatchers(matchers) }));
}

/** One silence whatever its state. */
export async function silenceById(
  { db }: Handle,
  id: string,
): Promise<(Silence & { removedAt?: EpochMs }) | undefined> {
  const row = await db.selectFrom('silences').selectAll().where('id', '=', id).executeTakeFirst();
  if (row === undefined) return undefined;
  return { ...silenceOf(row), ...(row.removed_at === null ? {} : { removedAt: row.removed_at }) };
}

/** In force, soonest ending first. An incident's own counts while the incident still says so. */
async function listActive({ db }: Handle, now: EpochMs): Promise<readonly Silence[]> {
  const rows = await db
    .selectFrom('silences as s')
    .selectAll('s')
    .where('s.removed_at', 'is', null)
    .where('s.ends_at', '>', now)
    .where(
      sql<boolean>`(s.incident_id is null or exists (
        select 1 from incidents i where i.id = s.incident_id and i.silenced_until > ${now}))`,
    )
    .orderBy('s.ends_at')
    .limit(500)
    .execute();
  return rows.map(silenceOf);
}

function silenceOf(row: Row<'silences'>): Silence {
  return {
    id: row.id,
    matchers: readMatchers(JSON.parse(row.matchers)),
    startsAt: row.starts_at,
    endsAt: row.ends_at,
    createdBy: row.created_by,
    createdName: row.created_name,
    createdAt: row.created_at,
    ...(row.incident_id === null ? {} : { incidentId: row.incident_id }),
    ...(row.reason === null ? {} : { reason: row.reason }),
  };
}
