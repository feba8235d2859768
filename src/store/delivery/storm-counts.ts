import { type RawBuilder, sql } from 'kysely';
import { SEVERITIES, type Severity } from '../../incident/alert.ts';
import type { Status } from '../../incident/incident.ts';
import { severityRank } from '../../incident/severity.ts';
import type { Trx } from '../database.ts';
import { jsonRows } from '../set-wise.ts';

/** What a member is counted as. */
export interface Counted {
  readonly storm_id: string;
  readonly status: Status;
  readonly severity: Severity;
}

/** Ranks below it are of members that are not over. */
export const OVER_RANK = SEVERITIES.length;

/** What is over goes last whatever it was; then the worst. */
export const rankOf = ({ status, severity }: Pick<Counted, 'status' | 'severity'>): number =>
  severityRank(severity) + (status === 'resolved' ? OVER_RANK : 0);

/** The same of the incidents that a query calls `alias`. */
export const rankIn = (alias: string): RawBuilder<number> => {
  const cases = SEVERITIES.map((severity, rank) => sql`when ${sql.lit(severity)} then ${sql.lit(rank)}`);
  const column = (name: string): RawBuilder<unknown> => sql.ref(`${alias}.${name}`);
  return sql`case ${column('severity')} ${sql.join(cases, sql` `)} end
    + case ${column('status')} when 'resolved' then ${sql.lit(OVER_RANK)} else 0 end`;
};

/** Counts some members in and others out. A storm that is forgotten is not counted any more. */
export async function count(trx: Trx, added: readonly Counted[], taken: readonly Counted[]): Promise<void> {
  const sums = new Map<string, Counted & { readonly n: number }>();
  const add = ({ storm_id, status, severity }: Counted, by: number): void => {
    const key = `${storm_id} ${status} ${severity}`;
    sums.set(key, { storm_id, status, severity, n: (sums.get(key)?.n ?? 0) + by });
  };
  for (const one of added) add(one, 1);
  for (const one of taken) add(one, -1);
  // In one order for all, so that two replicas never wait for each other.
  const rows = [...sums].filter(([, { n }]) => n !== 0).toSorted(([a], [b]) => (a < b ? -1 : 1));
  if (rows.length === 0) return;
  const changes = rows.map(([, row]) => ({ ...row }));
  await sql`
    insert into storm_counts (storm_id, status, severity, n)
    select r.storm_id, r.status, r.severity, r.n from ${jsonRows(trx, changes, COLUMNS)} as r
    where exists (select 1 from storms s where s.id = r.storm_id)
    on conflict (storm_id, status, severity) do update set n = storm_counts.n + excluded.n`.execute(trx.db);
}

const COLUMNS = { storm_id: 'text', status: 'text', severity: 'text', n: 'bigint' } as const;
