import { parseIncidentId } from '../incident/id.ts';
import type { IncidentId } from '../incident/incident.ts';
import { EXPIRE_AFTER_MS, staleness } from '../incident/stale.ts';
import type { Job, PolicyJobDeps } from './policy-jobs.ts';

/** Notes that nobody repeats an incident's alerts any more, and in the end resolves it. */
export function createStale({ watch, policy, clock, act }: PolicyJobDeps): Job {
  async function expire(id: IncidentId, staleSince: number): Promise<void> {
    const at = staleSince + EXPIRE_AFTER_MS;
    if (at <= clock.now()) await act(id, { kind: 'expire' });
    else await watch.schedule('stale', id, at);
  }

  /** Looks lazily: once per limit, not once per repeat. */
  return async ({ subject }) => {
    const id = parseIncidentId(subject);
    const known = id === undefined ? undefined : await watch.incident(id);
    if (id === undefined || known === undefined || known.incident.status === 'resolved') return;
    const { staleSince } = known.incident;
    if (staleSince !== undefined) return expire(id, staleSince);
    const from = Math.min(...known.firing.map(({ lastSeenAt }) => lastSeenAt), clock.now());
    const found = staleness(known.firing, await watch.accepting(from), clock.now(), policy);
    if (found === 'never') return;
    if (found.stale) await act(id, { kind: 'stale' });
    await watch.schedule('stale', id, clock.now() + (found.stale ? EXPIRE_AFTER_MS : found.checkInMs));
  };
}
