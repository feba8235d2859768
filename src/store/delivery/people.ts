import { sql } from 'kysely';
import type { Person } from '../../cards/view.ts';
import type { Handle } from '../database.ts';
import { textList } from '../set-wise.ts';

/** What a select on a phone can be scrolled through. */
const MAX_PEOPLE = 20;

/**
 * Whom an incident can be given to on each of these channels: the operators linked there, responders and admins first,
 * at most 20; channels without any are missing. Somebody with several ids on a channel is listed once.
 */
export async function peopleOn(
  handle: Handle,
  channels: readonly string[],
): Promise<ReadonlyMap<string, readonly Person[]>> {
  if (channels.length === 0) return new Map();
  const { rows } = await sql<{ channel: string; id: string; name: string }>`
    select channel, id, name from (
      select i.channel, min(i.external_id) as id, o.name, row_number() over (
        partition by i.channel order by case o.role when 'reader' then 1 else 0 end, o.name, o.id
      ) as place
      from operator_ids i join operators o on o.id = i.operator_id
      where i.channel in ${textList(handle, channels)}
      group by i.channel, o.id, o.name, o.role
    ) ranked where place <= ${sql.lit(MAX_PEOPLE)} order by channel, place`.execute(handle.db);
  return new Map(
    [...Map.groupBy(rows, ({ channel }) => channel)].map(([channel, people]) => [
      channel,
      people.map(({ id, name }) => ({ id: `${channel}:${id}`, name })),
    ]),
  );
}
