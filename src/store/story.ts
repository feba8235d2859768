import type { StoryPort } from '../console/api/ports.ts';
import type { Database, Handle } from './database.ts';
import { currentDiagnoses } from './delivery/current-diagnoses.ts';
import { diagnosisOf } from './delivery/rows.ts';
import { timelineOf } from './timeline.ts';

/** What belongs to incidents besides their own row, for people and programs to read. */
export function createStory({ database }: { readonly database: Database }): StoryPort {
  const reading: Handle = { db: database.reader, engine: database.engine };
  const newest = reading.db.selectFrom('diagnoses').selectAll().orderBy('created_at', 'desc').orderBy('id', 'desc');
  return {
    timeline: (id, limit) => timelineOf(reading, id, limit),
    diagnoses: async (id) => (await newest.where('incident_id', '=', id).execute()).map(diagnosisOf),
    currentDiagnoses: (ids) => currentDiagnoses(reading, ids),
  };
}
