import { sql } from 'kysely';
import type { Cutoffs, Outlook } from '../../delivery/ports.ts';
import type { EpochMs } from '../../types.ts';
import type { Handle } from '../database.ts';
import { targetsWithWork } from './lanes.ts';

/** What lies before a process that serves these channels; only reads, so that an idle one writes nothing. */
export async function look(
  handle: Handle,
  channels: readonly string[],
  holder: string,
  now: EpochMs,
  cutoffs: Cutoffs,
): Promise<Outlook> {
  const targets = await targetsWithWork(handle, channels, holder, now, cutoffs);
  const { rows } = await sql<{ storms: number; probes: number; strays: number }>`
    select
      case when exists (select 1 from due where kind = 'storm' and due_at <= ${now} and lease_until <= ${now})
        then 1 else 0 end as storms,
      case when exists (select 1 from due where kind = 'target_probe' and due_at <= ${now} and lease_until <= ${now})
        then 1 else 0 end as probes,
      case when exists (
        select 1 from targets t join placements p on p.target_id = t.id
        where t.state = 'dead' and p.parked_reason is null and p.shown_revision < p.wanted_revision)
        then 1 else 0 end as strays`.execute(handle.db);
  const [found] = rows;
  return { targets, storms: found?.storms === 1, probes: found?.probes === 1, strays: found?.strays === 1 };
}

/** Due rows by channel: how many, and since when the oldest waits. */
export async function backlog(handle: Handle) {
  const { rows } = await sql<{ channel: string; count: number; oldestAt: number }>`
    select channel, cast(sum(n) as bigint) as count, min(oldest) as "oldestAt" from (
      select t.channel, count(*) as n, min(coalesce(p.dirty_since, p.created_at)) as oldest
      from targets t join placements p on p.target_id = t.id
      where p.parked_reason is null and p.shown_revision < p.wanted_revision group by t.channel
      union all
      select t.channel, count(*) as n, min(o.created_at) as oldest
      from targets t join outbox o on o.target_id = t.id where o.state = 'due' group by t.channel
    ) due group by channel`.execute(handle.db);
  return rows;
}
