import type { StoryPort } from '../console/api/ports.ts';
import type { Database, Handle } from './database.ts';
import { diagnosisOf } from './delivery/rows.ts';
import { textList } from './set-wise.ts';
import { timelineOf } from './timeline.ts';

/** What belongs to incidents besides their own row, for people and programs to read. */
export function createStory({ database }: { readonly database: Database }): StoryPort {
  const reading: Handle = { db: database.reader, engine: database.engine };
  const newest = reading.db.selectFrom('diagnoses').selectAll().orderBy('created_at', 'desc').orderBy('id', 'desc');
  return {
    timeline: (id, limit) => timelineOf(reading, id, limit),
    diagnoses: async (id) => (await newest.where('incident_id', '=', id).execute()).map(diagnosisOf),
    latestDiagnoses: async (ids) => {
      if (ids.length === 0) return new Map();
      const rows = await newest.where('incident_id', 'in', textList(reading, ids)).execute();
      // Oldest first, so that the newest of an incident is the one that stays.
      return new Map(rows.toReversed().map((row) => [row.incident_id, diagnosisOf(row)]));
    },
  };
}
