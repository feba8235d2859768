import { type Matcher, maySatisfyBoth } from '../incident/matchers.ts';
import type { IncidentId } from '../incident/incident.ts';
import type { NewMessage } from '../delivery/outbox.ts';
import type { Clock } from '../types.ts';
import type { Trx, Write } from './database.ts';
import { enqueueMessage } from './delivery/outbox.ts';
import { matchersOf } from './routes.ts';

export interface Announcement extends Pick<NewMessage, 'payload'> {
  /** The second announcement of one key is not made. */
  readonly key: string;
  readonly incidentId?: IncidentId;
  /** Of an announcement about alerts rather than one incident. */
  readonly matchers?: readonly Matcher[];
}

export interface AnnounceDeps {
  readonly write: Write;
  readonly clock: Clock;
  /** Where incidents go that nothing else shows. */
  readonly fallbackTargetId: string;
}

/** Tells people of something that was done in no chat: under an incident's cards, or where alerts like these go. */
export const createAnnounce =
  ({ write, clock, fallbackTargetId }: AnnounceDeps) =>
  ({ key, payload, incidentId, matchers = [] }: Announcement): Promise<void> =>
    write('press', async (trx) => {
      const places =
        incidentId === undefined ? await routed(trx, matchers, fallbackTargetId) : await shown(trx, incidentId);
      for (const { targetId, ref } of places) {
        const message: NewMessage = {
          targetId,
          kind: 'answer',
          payload,
          dedupeKey: `announce:${key}:${targetId}`,
          ...(ref === undefined ? {} : { replyTo: ref }),
          ...(incidentId === undefined ? {} : { incidentId }),
        };
        await enqueueMessage(trx, message, clock.now()); // oxlint-disable-line no-await-in-loop -- one connection
      }
    });

interface Place {
  readonly targetId: string;
  readonly ref?: string;
}

async function shown({ db }: Trx, incidentId: IncidentId): Promise<readonly Place[]> {
  const rows = await db
    .selectFrom('placements')
    .select(['target_id', 'ref'])
    .where('subject_id', '=', incidentId)
    .where('parked_reason', 'is', null)
    .orderBy('target_id')
    .execute();
  return rows.map(({ target_id: targetId, ref }) => ({ targetId, ...(ref === null ? {} : { ref }) }));
}

async function routed({ db }: Trx, matchers: readonly Matcher[], fallback: string): Promise<readonly Place[]> {
  const rows = await db
    .selectFrom('bindings')
    .select(['target_id', 'matchers'])
    .where('event', '=', 'incident')
    .where('enabled', '=', 1)
    .orderBy('target_id')
    .execute();
  const concerned = rows.filter((row) => {
    const bound = matchersOf(row.matchers);
    return bound !== undefined && maySatisfyBoth(bound, matchers);
  });
  const ids = new Set(concerned.map((row) => row.target_id));
  return (ids.size === 0 ? [fallback] : [...ids]).map((targetId) => ({ targetId }));
}
