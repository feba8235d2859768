import { sql } from 'kysely';
import type { ToldBy } from '../diagnose/storm/ports.ts';
import type { Severity } from '../incident/alert.ts';
import type { EpochMs } from '../types.ts';
import type { Database } from './database.ts';

/** Incidents that opened so shortly before a storm started are what it is made of, card of their own or not. */
const RUSH_MS = 60_000;

interface PlaceRow {
  readonly severity: Severity;
  readonly opened_at: EpochMs;
  readonly folded: string | null;
  readonly message_key: string | null;
  readonly first_shown_at: EpochMs | null;
  readonly storm_at: EpochMs | null;
}

/**
 * By whom people hear of an incident. A storm's at each place where it is shown: folded there, or one of the first cards
 * of the rush that became the storm, unless it is critical or a person asked for its diagnosis. Found by the placements'
 * key; dead targets do not count.
 */
export const createToldBy =
  ({ reader }: Pick<Database, 'reader'>) =>
  async (incidentId: string): Promise<ToldBy> => {
    if (await isAskedAbout(reader, incidentId)) return 'own';
    const { rows } = await sql<PlaceRow>`
      select i.severity, i.opened_at, p.folded_into as folded, p.message_key, p.first_shown_at, s.started_at as storm_at
      from placements p join incidents i on i.id = p.subject_id
      left join storms s on s.target_id = p.target_id and s.ended_at is null
      where p.subject_id = ${incidentId} and (p.parked_reason is null or p.parked_reason = 'folded')`.execute(reader);
    if (rows.length === 0) return 'own';
    const places = rows.map(placeOf);
    if (places.includes('own')) return 'own';
    return places.includes('undecided') ? 'undecided' : 'storm';
  };

async function isAskedAbout(reader: Database['reader'], incidentId: string): Promise<boolean> {
  const asked = await reader
    .selectFrom('timeline')
    .select('id')
    .where('incident_id', '=', incidentId)
    .where('kind', '=', 'diagnosis')
    .where('via', '<>', 'system')
    .limit(1)
    .executeTakeFirst();
  return asked !== undefined;
}

function placeOf(row: PlaceRow): ToldBy {
  const { folded, storm_at: stormAt, opened_at: openedAt, severity } = row;
  if (folded !== null) return 'storm';
  // Until a card has its key, delivery may still fold it.
  if (row.message_key === null && row.first_shown_at === null) return 'undecided';
  const rushed = stormAt !== null && openedAt <= stormAt && openedAt > stormAt - RUSH_MS;
  return rushed && severity !== 'critical' ? 'storm' : 'own';
}
