import { type RawBuilder, sql } from 'kysely';
import type { Cause, Evidence } from '../diagnose/diagnosis.ts';
import type { StormDiagnosis, StormFacts, StormMember, StormPorts } from '../diagnose/storm/ports.ts';
import type { Severity } from '../incident/alert.ts';
import type { Status } from '../incident/incident.ts';
import type { EpochMs } from '../types.ts';
import type { Database, Handle, Trx, Write } from './database.ts';
import { raiseStorm } from './delivery/storms.ts';
import { scheduleMany } from './schedule.ts';
import { textList } from './set-wise.ts';

export interface StormDiagnosesDeps {
  readonly database: Database;
  readonly write: Write;
  readonly clock: { readonly now: () => EpochMs };
}

/** A diagnosis looks at so many incidents of a storm at most, and at the evidence of the first of them. */
const MOST_MEMBERS = 500;
const WITH_EVIDENCE = 40;

/** What diagnosing storms reads and writes; reads run on the reading connection. */
export function createStormDiagnoses({ database, write, clock }: StormDiagnosesDeps): StormPorts {
  const reading: Handle = { db: database.reader, engine: database.engine };
  return {
    storm: (stormId) => stormOf(reading, stormId),
    keep: (stormId, diagnosis) => write('job', (trx) => keep(trx, stormId, diagnosis, clock.now())),
    lookAgain: (stormId, at) =>
      write('job', (trx) => scheduleMany(trx, [{ kind: 'storm_model', subject: stormId, dueAt: at }])),
  };
}

async function stormOf(handle: Handle, stormId: string): Promise<StormFacts | undefined> {
  const { db } = handle;
  const storm = await db.selectFrom('storms').selectAll().where('id', '=', stormId).executeTakeFirst();
  if (storm === undefined) return undefined;
  const counts = await db.selectFrom('storm_counts').select('n').where('storm_id', '=', stormId).execute();
  const last = await lastOf(handle, stormId);
  return {
    id: stormId,
    startedAt: storm.started_at,
    ended: storm.ended_at !== null,
    total: counts.reduce((sum, { n }) => sum + n, 0),
    members: await membersOf(handle, stormId),
    ...(last === undefined ? {} : { last }),
  };
}

async function lastOf({ db }: Handle, stormId: string): Promise<StormDiagnosis | undefined> {
  const row = await db.selectFrom('storm_diagnoses').selectAll().where('storm_id', '=', stormId).executeTakeFirst();
  return row && { diagnosis: JSON.parse(row.diagnosis), total: row.total, turn: row.turn };
}

interface MemberRow {
  readonly id: string;
  readonly title: string;
  readonly severity: Severity;
  readonly status: Status;
  readonly labels: string;
  readonly opened_at: EpochMs;
}

async function membersOf(handle: Handle, stormId: string): Promise<readonly StormMember[]> {
  const { rows } = await sql<MemberRow>`
    select i.id, i.title, i.severity, i.status, i.labels, i.opened_at
    from storm_members m join incidents i on i.id = m.incident_id where m.storm_id = ${stormId}
    order by m.rank, m.opened_at, m.seq limit ${sql.lit(MOST_MEMBERS)}`.execute(handle.db);
  const ids = rows.map(({ id }) => id);
  const known = await byRules<KnownRow>(handle, ids, sql`family, causes`);
  const evidence = await byRules<EvidenceRow>(handle, ids.slice(0, WITH_EVIDENCE), sql`evidence`);
  return rows.map(({ id, title, severity, status, labels, opened_at: openedAt }): StormMember => {
    const { family = '', causes = '[]' } = known.get(id) ?? {};
    const [cause]: readonly Cause[] = JSON.parse(causes);
    const found: readonly Evidence[] = JSON.parse(evidence.get(id)?.evidence ?? '[]');
    return {
      id,
      title,
      severity,
      resolved: status === 'resolved',
      labels: JSON.parse(labels),
      openedAt,
      family,
      evidence: found,
      ...(cause === undefined ? {} : { cause }),
    };
  });
}

interface KnownRow {
  readonly incident_id: string;
  readonly family: string;
  readonly causes: string;
}
interface EvidenceRow {
  readonly incident_id: string;
  readonly evidence: string;
}

/** Columns of the latest diagnosis by rules of each. */
async function byRules<T extends { readonly incident_id: string }>(
  handle: Handle,
  ids: readonly string[],
  columns: RawBuilder<unknown>,
): Promise<ReadonlyMap<string, T>> {
  const { rows } = await sql<T>`
    select incident_id, ${columns} from diagnoses
    where incident_id in ${textList(handle, ids)} and provider = 'rules'
    order by created_at, id`.execute(handle.db);
  return new Map(rows.map((row) => [row.incident_id, row]));
}

/** The diagnosis and the revision that shows it are stored together; nothing, when the storm is gone meanwhile. */
async function keep(trx: Trx, stormId: string, { diagnosis, total, turn }: StormDiagnosis, now: EpochMs) {
  const storm = await trx.db.selectFrom('storms').select('target_id').where('id', '=', stormId).executeTakeFirst();
  if (storm === undefined) return;
  await raiseStorm(trx, stormId, storm.target_id, now);
  const values = { diagnosis: JSON.stringify(diagnosis), total, turn, created_at: diagnosis.createdAt };
  await trx.db
    .insertInto('storm_diagnoses')
    .values({ storm_id: stormId, ...values })
    .onConflict((same) => same.column('storm_id').doUpdateSet(values))
    .execute();
}
