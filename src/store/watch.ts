import { sql } from 'kysely';
import { type Heartbeat, silentAlert } from '../incident/heartbeat.ts';
import type { Incident, IncidentId } from '../incident/incident.ts';
import { identityOf } from '../incident/key.ts';
import { type Matcher, compileMatchers, matchesIncident } from '../incident/matchers.ts';
import type { FiringOfSource, Interval } from '../incident/stale.ts';
import type { ArmedHeartbeat, Watch } from '../jobs/ports.ts';
import type { EpochMs } from '../types.ts';
import { acceptingIntervals } from './accept/uptime.ts';
import type { Database, Handle, Write } from './database.ts';
import { incidentOf } from './delivery/rows.ts';
import { armedHeartbeats, disarmHeartbeat } from './heartbeats.ts';
import { getIncident } from './incidents.ts';
import { scheduleMany } from './schedule.ts';
import { silenceById } from './silences.ts';

export interface WatchDeps {
  readonly database: Database;
  readonly write: Write;
  /** Since when this process accepts alerts without a break. */
  readonly acceptingSince: () => EpochMs;
}

/** What the jobs that watch time pass read, on the reading connection, and the little they write themselves. */
export function createWatch({ database, write, acceptingSince }: WatchDeps): Watch {
  const reading: Handle = { db: database.reader, engine: database.engine };
  return {
    incident: async (id) => {
      const incident = await getIncident(reading, id);
      return incident === undefined ? undefined : { incident, firing: await firingOf(reading, id) };
    },
    accepting: (from): Promise<readonly Interval[]> => acceptingIntervals(reading, from, acceptingSince()),
    silence: (id) => silenceById(reading, id),
    unresolvedMatching: (matchers) => unresolvedMatching(reading, matchers),
    heartbeats: async () => Promise.all((await armedHeartbeats(reading)).map((one) => withAbsence(reading, one))),
    disarm: (identity) => write('job', (trx) => disarmHeartbeat(trx, identity)),
    schedule: (kind, subject, dueAt) => write('job', (trx) => scheduleMany(trx, [{ kind, subject, dueAt }])),
  };
}

/** One line a source, not one an alert: an incident may hold thousands. */
async function firingOf({ db }: Handle, id: IncidentId): Promise<readonly FiringOfSource[]> {
  const rows = await db
    .selectFrom('alerts')
    .select(['source', ({ fn }) => fn.max('last_seen_at').as('last'), ({ fn }) => fn.max('longest_gap_ms').as('gap')])
    .where('incident_id', '=', id)
    .where('current', '=', 1)
    .where('status', '=', 'firing')
    .groupBy('source')
    .execute();
  return rows.map(({ source, last, gap }) => ({ source, lastSeenAt: last, longestGapMs: gap }));
}

const PAGE = 500;

async function unresolvedMatching(handle: Handle, matchers: readonly Matcher[]): Promise<readonly IncidentId[]> {
  const matches = compileMatchers(matchers);
  const found: IncidentId[] = [];
  let last: Incident | undefined;
  do {
    const page = await unresolvedAfter(handle, last);
    found.push(...page.filter((incident) => matchesIncident(matches, incident)).map(({ id }) => id));
    last = page.length < PAGE ? undefined : page.at(-1);
  } while (last !== undefined);
  return found;
}

async function unresolvedAfter({ db }: Handle, last: Incident | undefined): Promise<readonly Incident[]> {
  let query = db.selectFrom('incidents').selectAll().where('status', '<>', 'resolved');
  if (last !== undefined) query = query.where(sql<boolean>`(opened_at, seq) > (${last.openedAt}, ${last.seq})`);
  const rows = await query.orderBy('opened_at').orderBy('seq').limit(PAGE).execute();
  return rows.map(incidentOf);
}

/** Whether its absence is already shown, or was dismissed by whoever resolved that incident while it lasted. */
async function withAbsence({ db }: Handle, heartbeat: Heartbeat): Promise<ArmedHeartbeat> {
  const row = await db
    .selectFrom('alerts as a')
    .leftJoin('incidents as i', 'i.id', 'a.incident_id')
    .select(['a.status', 'i.status as incident_status'])
    .where('a.identity', '=', identityOf(silentAlert(heartbeat, 'firing', 'en-US')))
    .where('a.current', '=', 1)
    .executeTakeFirst();
  if (row?.status !== 'firing') return { heartbeat, absence: 'unknown' };
  return { heartbeat, absence: row.incident_status === 'resolved' ? 'dismissed' : 'shown' };
}
