import type { Incident } from '../../incident/incident.ts';
import type { Handle } from '../database.ts';

type Mention = { readonly id: string; readonly name: string };

/**
 * Whom an announcement mentions on a channel: the assignee, else the people on duty. Until rotations are configured
 * these are the operators named responder or admin who are linked there; none → nobody.
 */
export async function whoToMention({ db }: Handle, incident: Incident, channel: string): Promise<readonly Mention[]> {
  const { assigneeId, assignee } = incident;
  if (assigneeId?.startsWith(`${channel}:`) === true) {
    return [{ id: assigneeId.slice(channel.length + 1), name: assignee ?? assigneeId }];
  }
  const linked = db
    .selectFrom('operator_ids as i')
    .innerJoin('operators as o', 'o.id', 'i.operator_id')
    .select(['i.external_id as id', 'o.name as name'])
    .where('i.channel', '=', channel)
    .orderBy('o.name');
  if (assigneeId === undefined) return linked.where('o.role', 'in', ['responder', 'admin']).execute();
  const [otherChannel = '', ...rest] = assigneeId.split(':');
  const elsewhere = db
    .selectFrom('operator_ids')
    .select('operator_id')
    .where('channel', '=', otherChannel)
    .where('external_id', '=', rest.join(':'));
  return linked.where((eb) => eb.or([eb('o.id', '=', assigneeId), eb('o.id', 'in', elsewhere)])).execute();
}
