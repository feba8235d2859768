import { SEVERITIES } from '../incident/alert.ts';
import type { Database } from '../store/database.ts';
import type { Metrics } from '../telemetry/metrics.ts';

/** What is counted when somebody looks: unresolved incidents by severity, by an index that holds only those. */
export function watchOpenIncidents({ reader }: Database, { incidentsOpen }: Metrics): void {
  // prom-client calls `collect` at every scrape and waits for it.
  Object.assign(incidentsOpen, {
    collect: async () => {
      const rows = await reader
        .selectFrom('incidents')
        .select(['severity', ({ fn }) => fn.countAll<number>().as('n')])
        .where('status', '<>', 'resolved')
        .groupBy('severity')
        .execute();
      for (const severity of SEVERITIES) {
        incidentsOpen.set({ severity }, rows.find((row) => row.severity === severity)?.n ?? 0);
      }
    },
  });
}
