import type { IncidentRecord, VerdictRecord } from '../diagnose/memory/record.ts';
import type { EpochMs } from '../types.ts';
import type { Handle } from './database.ts';
import { ownId, rememberedId } from './memory-records.ts';
import { indexAll } from './search-index.ts';
import { insertMany, textList } from './set-wise.ts';

/** An incident to remember, with what finds it again. */
export interface Rememberable extends IncidentRecord {
  readonly family: string;
  readonly tokens: readonly string[];
}

export interface Imported {
  readonly incidents: number;
  readonly verdicts: number;
  /** Were here before. */
  readonly known: number;
  /** Verdicts about incidents that are not here. */
  readonly orphans: readonly VerdictRecord[];
}

/**
 * Remembers incidents and verdicts inside the caller's transaction; what is here already is left as it is. An incident
 * that is ours (same id, same moment of opening) is not remembered beside itself, and takes its verdicts.
 */
export async function remember(
  trx: Handle,
  records: { readonly incidents: readonly Rememberable[]; readonly verdicts: readonly VerdictRecord[] },
  now: EpochMs,
): Promise<Imported> {
  const { incidents, verdicts } = records;
  const named = [
    ...incidents.map((one) => ({ id: one.id, openedAt: one.openedAt })),
    ...verdicts.map((one) => ({ id: one.incidentId, openedAt: one.incidentOpenedAt })),
  ];
  const here = await whereThey(trx, named);
  const fresh = new Map<string, Rememberable>();
  for (const one of incidents) {
    const id = rememberedId(one.id, one.openedAt);
    if (!here.has(id)) fresh.set(id, one);
  }
  await insertIncidents(trx, fresh, now);
  for (const id of fresh.keys()) here.set(id, id);
  const placed = verdicts.map((verdict) => ({
    verdict,
    incidentId: here.get(rememberedId(verdict.incidentId, verdict.incidentOpenedAt)),
  }));
  const rows = placed.flatMap(({ verdict, incidentId }) =>
    incidentId === undefined ? [] : [rowOf(verdict, incidentId)],
  );
  const inserted = await insertMany(trx, 'verdicts', rows, { ignoreConflicts: true });
  return {
    incidents: fresh.size,
    verdicts: inserted,
    known: incidents.length - fresh.size + rows.length - inserted,
    orphans: placed.flatMap(({ verdict, incidentId }) => (incidentId === undefined ? [verdict] : [])),
  };
}

interface Named {
  readonly id: string;
  readonly openedAt: EpochMs;
}

/** Under which id each is here, by the id it would be remembered under. */
async function whereThey(trx: Handle, named: readonly Named[]): Promise<Map<string, string>> {
  const own = await trx.db
    .selectFrom('incidents')
    .select(['id', 'opened_at'])
    .where(
      'id',
      'in',
      textList(
        trx,
        named.map(({ id }) => ownId(id)),
      ),
    )
    .execute();
  const remembered = await trx.db
    .selectFrom('remembered_incidents')
    .select('id')
    .where(
      'id',
      'in',
      textList(
        trx,
        named.map(({ id, openedAt }) => rememberedId(id, openedAt)),
      ),
    )
    .execute();
  return new Map([
    ...remembered.map(({ id }) => [id, id] as const),
    ...own.map(({ id, opened_at: openedAt }) => [rememberedId(id, openedAt), id] as const),
  ]);
}

async function insertIncidents(trx: Handle, fresh: ReadonlyMap<string, Rememberable>, now: EpochMs): Promise<void> {
  const rows = [...fresh].map(([id, one]) => ({
    id,
    title: one.title,
    summary: one.summary,
    labels: JSON.stringify(one.labels),
    source: one.source,
    severity: one.severity,
    cause: one.cause ?? null,
    opened_at: one.openedAt,
    resolved_at: one.resolvedAt,
    imported_at: now,
  }));
  await insertMany(trx, 'remembered_incidents', rows);
  const entries = [...fresh].map(([incidentId, { family, tokens }]) => ({ incidentId, family, tokens }));
  await indexAll(trx, entries, { older: true });
}

const rowOf = (verdict: VerdictRecord, incidentId: string) => ({
  id: verdict.id,
  incident_id: incidentId,
  diagnosis_id: null,
  family: verdict.family,
  cause_key: verdict.causeKey,
  cause: verdict.cause,
  verdict: verdict.verdict,
  reason: verdict.reason ?? null,
  actor_id: verdict.by ?? 'import',
  at: verdict.at,
});
