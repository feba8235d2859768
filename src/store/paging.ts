import { sql } from 'kysely';
import type { NewPage, PagePlace, PageRows } from '../jobs/ports.ts';
import type { Incident, IncidentId } from '../incident/incident.ts';
import { type PageStep, type PageTurn, wantsPage, writeTurn } from '../incident/paging.ts';
import { isSilenced } from '../incident/silences.ts';
import type { EpochMs } from '../types.ts';
import type { Handle, Trx } from './database.ts';
import { whoToMention } from './delivery/mentions.ts';
import { enqueueMessage, supersede } from './delivery/outbox.ts';
import { incidentOf } from './delivery/rows.ts';
import { takeDue } from './due.ts';
import { scheduleMany } from './schedule.ts';
import { textList } from './set-wise.ts';
import { activeSilences } from './silences.ts';

/** What the job that pages reads and writes; `channels`: names of those that can page. */
export const createPageRows = (channels: readonly string[]): PageRows => ({
  incident: async (trx, id, now) => {
    const incident = await readIncident(trx, id, true);
    return incident && { incident, silenced: await silencedNow(trx, incident, now) };
  },
  take: takeDue,
  places: (trx, incident) => placesOf(trx, incident, channels),
  calledSince,
  enqueue: enqueuePage,
  schedule: schedulePage,
});

/** Whether a page that waited is still wanted: much may have happened while the platform was away. */
export async function pageWanted(trx: Trx, id: string, now: EpochMs): Promise<boolean> {
  const incident = await readIncident(trx, id, false);
  return incident !== undefined && wantsPage(incident, await silencedNow(trx, incident, now));
}

async function readIncident({ db, engine }: Trx, id: string, lock: boolean): Promise<Incident | undefined> {
  const query = db.selectFrom('incidents').selectAll().where('id', '=', id);
  const row = await (lock && engine === 'postgres' ? query.forUpdate() : query).executeTakeFirst();
  return row === undefined ? undefined : incidentOf(row);
}

const silencedNow = async (trx: Trx, incident: Incident, now: EpochMs): Promise<boolean> =>
  isSilenced(incident, await activeSilences(trx, now), now);

async function placesOf(trx: Trx, incident: Incident, channels: readonly string[]): Promise<readonly PagePlace[]> {
  const targets = await trx.db
    .selectFrom('placements as p')
    .innerJoin('targets as t', 't.id', 'p.target_id')
    .select(['t.id', 't.channel'])
    .where('p.subject_id', '=', incident.id)
    .where('t.enabled', '=', 1)
    .where('t.state', '<>', 'dead')
    .where('t.channel', 'in', sql<string>`${textList(trx, channels)}`)
    .orderBy('t.id')
    .execute();
  const places: PagePlace[] = [];
  for (const { id, channel } of targets) places.push({ targetId: id, people: await peopleOf(trx, incident, channel) });
  return places;
}

/** The assignee; the people on duty also when the assignee is not linked there: somebody has to be called. */
async function peopleOf(handle: Handle, incident: Incident, channel: string): Promise<PagePlace['people']> {
  const meant = await whoToMention(handle, incident, channel);
  if (meant.length > 0 || incident.assigneeId === undefined) return meant;
  const { assigneeId: _1, assignee: _2, ...unassigned } = incident;
  return whoToMention(handle, unassigned, channel);
}

/** Of pages that failed nobody was called. */
async function calledSince(
  { db }: Trx,
  id: IncidentId,
  step: PageStep,
  since: EpochMs,
  now: EpochMs,
): Promise<ReadonlySet<string>> {
  const rows = await db
    .selectFrom('outbox')
    .select('mentions')
    .where('created_at', '>', since)
    // Later than now was written by a clock that has been set back since, and nobody knows how long ago.
    .where('created_at', '<=', now)
    .where('kind', '=', 'page')
    .where('event', '=', `page_${step}`)
    .where('state', 'in', ['due', 'sent'])
    .where('incident_id', '<>', id)
    .execute();
  const people = rows.flatMap(({ mentions }) => JSON.parse(mentions) as PagePlace['people']); // oxlint-disable-line typescript/no-unsafe-type-assertion -- our own rows, written from this type
  return new Set(people.map((person) => person.id));
}

/** One page of a turn and target, however often it is asked for; it takes the place of one that still waits. */
async function enqueuePage(trx: Trx, page: NewPage, now: EpochMs): Promise<void> {
  const { incidentId, targetId, turn, step, people } = page;
  await supersede(trx, 'page', { subjectId: incidentId, targetId }, now);
  const message = {
    targetId,
    kind: 'page',
    event: `page_${step}`,
    incidentId,
    payload: { kind: 'page', step, since: turn.since },
    mentions: people,
    afterSubject: incidentId,
    dedupeKey: `page:${incidentId}:${turn.since}:${turn.index}:${targetId}`,
  } as const;
  await enqueueMessage(trx, message, now);
}

const schedulePage = (trx: Trx, id: IncidentId, turn: PageTurn, dueAt: EpochMs): Promise<void> =>
  scheduleMany(trx, [{ kind: 'page', subject: id, dueAt, payload: writeTurn(turn) }]);
