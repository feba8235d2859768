import { sql } from 'kysely';
import type { Library } from '../diagnose/assistant/ports.ts';
import type { KnownIncident } from '../diagnose/ports.ts';
import { parseIncidentId } from '../incident/id.ts';
import type { Database, Handle, Write } from './database.ts';
import { currentDiagnoses } from './delivery/current-diagnoses.ts';
import { incidentOf } from './delivery/rows.ts';
import { factsOf } from './diagnoses.ts';
import { createIncidents } from './incidents.ts';
import { createSearch } from './search.ts';
import { timelineOf } from './timeline.ts';

type Records = Pick<Library, 'facts' | 'diagnosis' | 'timeline' | 'open' | 'find' | 'past'>;

/** What the assistant reads of our own records, on the reading connection. */
export function createLibrary(deps: {
  readonly database: Database;
  readonly committer: { readonly write: Write };
}): Records {
  const { database, committer } = deps;
  const reading: Handle = { db: database.reader, engine: database.engine };
  const incidents = createIncidents({ database });
  return {
    facts: (id) => factsOf(reading, id),
    diagnosis: async (text) => {
      const id = parseIncidentId(text);
      return id === undefined ? undefined : (await currentDiagnoses(reading, [id])).get(id);
    },
    timeline: async (text, limit) => {
      const id = parseIncidentId(text);
      return id === undefined ? [] : timelineOf(reading, id, limit);
    },
    open: (limit) => openOf(reading, limit),
    find: async (words, limit) => (await incidents.list({ q: words, limit })).items,
    past: createSearch({ database, write: committer.write }),
  };
}

async function openOf({ db }: Handle, limit: number): Promise<readonly KnownIncident[]> {
  const rows = await db
    .selectFrom('incidents')
    .selectAll()
    .where('status', '<>', 'resolved')
    .orderBy(sql`case severity when 'critical' then 0 when 'warning' then 1 else 2 end`)
    .orderBy('opened_at', 'desc')
    .limit(limit)
    .execute();
  return rows.map(incidentOf);
}
