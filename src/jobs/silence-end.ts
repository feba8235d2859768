import { parseIncidentId } from '../incident/id.ts';
import type { IncidentId } from '../incident/incident.ts';
import type { Job, PolicyJobDeps } from './policy-jobs.ts';

/** Shows what a silence has hidden: one incident, or all that a silence by matchers may have. */
export function createSilenceEnd({ watch, clock, act }: PolicyJobDeps): Job {
  /** A silence that was taken back, or broken by a rise to critical, has ended already: nothing is left to say. */
  async function endOwn(id: IncidentId): Promise<void> {
    const known = await watch.incident(id);
    if (known?.incident.silencedUntil !== undefined) await act(id, { kind: 'silence_ended' });
  }

  return async ({ subject }) => {
    const id = parseIncidentId(subject);
    if (id !== undefined) return endOwn(id);
    const silence = await watch.silence(subject);
    if (silence === undefined) return;
    if (silence.removedAt === undefined && silence.endsAt > clock.now()) {
      return watch.schedule('silence_end', subject, silence.endsAt);
    }
    for (const hidden of await watch.unresolvedMatching(silence.matchers)) await act(hidden, { kind: 'silence_ended' });
  };
}
