import { isMissing, silentAlert } from '../incident/heartbeat.ts';
import type { Job, PolicyJobDeps } from './policy-jobs.ts';
import type { ArmedHeartbeat } from './ports.ts';

/** How often the absence of heartbeats is looked for. */
const HEARTBEAT_EVERY_MS = 15_000;

/** Tells of monitoring that has gone silent, as an alert like any other. */
export function createHeartbeats({ watch, policy, clock, accept }: PolicyJobDeps): Job {
  async function check({ heartbeat, absence }: ArmedHeartbeat): Promise<void> {
    const now = clock.now();
    if (absence === 'shown' || !isMissing(heartbeat, await watch.accepting(heartbeat.lastSeenAt), now)) return;
    // Whoever resolved it by hand knows that this sender is gone: it must not come back every hour.
    if (absence === 'dismissed') return watch.disarm(heartbeat.identity);
    const alerts = [silentAlert(heartbeat, 'firing', policy.locale ?? 'en-US')];
    await accept({ alerts, receivedAt: now, digest: '', traceId: '' });
  }

  return async ({ kind, subject }) => {
    for (const armed of await watch.heartbeats()) await check(armed);
    await watch.schedule(kind, subject, clock.now() + HEARTBEAT_EVERY_MS);
  };
}
