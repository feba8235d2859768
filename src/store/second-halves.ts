import type { Diagnosis, Origin, Shortfall } from '../diagnose/diagnosis.ts';
import type { CachedDraft, SecondHalfPorts, Waiting } from '../diagnose/ports.ts';
import { parseIncidentId } from '../incident/id.ts';
import { SYSTEM } from '../incident/incident.ts';
import { traceId } from '../telemetry/log.ts';
import type { EpochMs } from '../types.ts';
import type { Handle, Trx } from './database.ts';
import { diagnosisOf } from './delivery/rows.ts';
import { type DiagnosesDeps, factsOf, insertDiagnosis } from './diagnoses.ts';

/** Diagnoses that wait for a model: what it is asked about, and what came of it. */
export function createSecondHalves({ database, write, respondIn }: DiagnosesDeps): SecondHalfPorts {
  const reading: Handle = { db: database.reader, engine: database.engine };

  /** Whether people can still be told something new: not superseded, not decided. Locks nothing: one job has it. */
  const stillWaits = async (handle: Handle, { id, incidentId }: Diagnosis): Promise<boolean> => {
    const latest = await latestOf(handle, incidentId);
    return latest?.id === id && latest.origin?.awaiting === true && !decided(latest);
  };
  const raise = (trx: Trx, { incidentId }: Diagnosis, provider: string, status: string, shortfall?: Shortfall) => {
    const id = parseIncidentId(incidentId);
    const context = { actor: SYSTEM, traceId: traceId() };
    return id === undefined
      ? undefined
      : respondIn(trx, id, { kind: 'diagnosed', provider, status, ...(shortfall && { shortfall }) }, context);
  };

  return {
    waiting: (incidentId) => waitingOf(reading, incidentId),
    replace: (before, after) =>
      write('job', async (trx) => {
        if (!(await stillWaits(trx, before))) {
          // Nobody waits for a model any more, also not in what is read of it later.
          await setOrigin(trx, before, withoutWaiting(before.origin));
          return false;
        }
        const response = await raise(trx, before, after.provider, after.status);
        if (response?.ok !== true) return false;
        await setOrigin(trx, before, withoutWaiting(before.origin));
        await insertDiagnosis(trx, after);
        return true;
      }),
    giveUp: (before, shortfall, said) =>
      write('job', async (trx) => {
        const told = shortfall !== undefined && (await stillWaits(trx, before));
        await setOrigin(trx, before, endOf(before.origin, shortfall, said));
        if (told) await raise(trx, before, before.provider, before.status, shortfall);
      }),
    cached: (digest, since) => cachedOf(reading, digest, since),
    remember: (digest, draft, now) => write('job', (trx) => keep(trx, digest, draft, now)),
  };
}

const decided = ({ status }: Diagnosis): boolean => status === 'confirmed' || status === 'rejected';

const withoutWaiting = (origin: Origin | undefined): Origin => {
  const { awaiting: _awaiting, ...rest } = origin ?? {};
  return rest;
};

const endOf = (origin: Origin | undefined, shortfall?: Shortfall, said?: string): Origin => ({
  ...withoutWaiting(origin),
  ...(shortfall === undefined ? {} : { shortfall }),
  ...(said === undefined ? {} : { said }),
});

async function setOrigin({ db }: Trx, { id }: Diagnosis, origin: Origin): Promise<void> {
  await db
    .updateTable('diagnoses')
    .set({ origin: JSON.stringify(origin) })
    .where('id', '=', id)
    .execute();
}

async function latestOf({ db }: Handle, incidentId: string): Promise<Diagnosis | undefined> {
  const row = await db
    .selectFrom('diagnoses')
    .selectAll()
    .where('incident_id', '=', incidentId)
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row === undefined ? undefined : diagnosisOf(row);
}

async function waitingOf(reading: Handle, incidentId: string): Promise<Waiting | undefined> {
  const [facts, diagnosis] = await Promise.all([factsOf(reading, incidentId), latestOf(reading, incidentId)]);
  if (facts === undefined || diagnosis?.origin?.awaiting !== true) return undefined;
  return { facts, diagnosis, wanted: facts.incident.status !== 'resolved' && !decided(diagnosis) };
}

async function cachedOf({ db }: Handle, digest: string, since: EpochMs): Promise<CachedDraft | undefined> {
  const row = await db
    .selectFrom('diagnosis_cache')
    .selectAll()
    .where('digest', '=', digest)
    .where('created_at', '>=', since)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  const { ids = [], ...draft } = JSON.parse(row.draft);
  return {
    draft,
    ids,
    provider: row.provider,
    promptVersion: row.prompt_version,
    origin: JSON.parse(row.origin),
    at: row.created_at,
  };
}

async function keep({ db }: Trx, digest: string, cached: Omit<CachedDraft, 'at'>, now: EpochMs): Promise<void> {
  const values = {
    draft: JSON.stringify({ ...cached.draft, ids: cached.ids }),
    provider: cached.provider,
    prompt_version: cached.promptVersion,
    origin: JSON.stringify(cached.origin),
    created_at: now,
  };
  await db
    .insertInto('diagnosis_cache')
    .values({ digest, ...values })
    .onConflict((conflict) => conflict.column('digest').doUpdateSet(values))
    .execute();
}
