import type { Place, Places } from '../channels/lark/inbound/ports.ts';
import type { Database } from './database.ts';

/** Our own table of what a channel shows where: some platforms name no chat with what people do there. */
export function createPlaces({ reader }: Pick<Database, 'reader'>, channel: string): Places {
  const targets = () => reader.selectFrom('targets as t').where('t.channel', '=', channel).select('t.address');

  const ofMessage = async (ref: string): Promise<Place | undefined> => {
    const card = await targets()
      .innerJoin('placements as p', 'p.target_id', 't.id')
      .select(['p.subject_id as id', 'p.kind as kind'])
      .where('p.ref', '=', ref)
      .executeTakeFirst();
    if (card !== undefined) return placeOf(card.address, card.kind === 'incident' ? card.id : undefined);
    const message = await targets()
      .innerJoin('outbox as o', 'o.target_id', 't.id')
      .select('o.incident_id as id')
      .where('o.ref', '=', ref)
      .executeTakeFirst();
    if (message !== undefined) return placeOf(message.address, message.id ?? undefined);
    // A card that was replaced by a newer one keeps its place in the list of calls.
    const former = await targets()
      .innerJoin('attempts as a', 'a.target_id', 't.id')
      .leftJoin('incidents as i', 'i.id', 'a.subject_id')
      .select('i.id as id')
      .where('a.ref', '=', ref)
      .limit(1)
      .executeTakeFirst();
    return former && placeOf(former.address, former.id ?? undefined);
  };

  const placeOf = (address: string, incidentId: string | undefined): Place => ({
    chat: `${channel}:${address}`,
    ...(incidentId !== undefined && { incidentId }),
  });

  return {
    ofMessage,
    ofIncident: async (incidentId) => {
      const shown = await targets()
        .innerJoin('placements as p', 'p.target_id', 't.id')
        .where('p.subject_id', '=', incidentId)
        .where('p.ref', 'is not', null)
        .limit(2)
        .execute();
      const [only] = shown;
      return only !== undefined && shown.length === 1 ? placeOf(only.address, incidentId) : undefined;
    },
  };
}
