import { isMissing, silentAlert } from '../incident/heartbeat.ts';
import { parseIncidentId } from '../incident/id.ts';
import { type IncidentId, SYSTEM } from '../incident/incident.ts';
import type { AcceptAlerts, IncidentAction, Policy, Respond } from '../incident/ports.ts';
import { EXPIRE_AFTER_MS, staleness } from '../incident/stale.ts';
import type { Clock } from '../types.ts';
import type { ArmedHeartbeat, DueWork, Watch } from './ports.ts';

export interface PolicyJobsDeps {
  readonly respond: Respond;
  readonly accept: AcceptAlerts;
  readonly watch: Watch;
  readonly policy: Policy;
  readonly clock: Clock;
}

export type Job = (work: DueWork) => Promise<void>;

/** How often the absence of heartbeats is looked for. */
const HEARTBEAT_EVERY_MS = 15_000;

/**
 * What time alone changes about incidents, one job for each kind of due-row. Each writes through the same ports as
 * people and senders; none sends anything.
 */
export function createPolicyJobs(deps: PolicyJobsDeps) {
  const { watch, policy, clock } = deps;
  const act = (id: IncidentId, action: IncidentAction) => deps.respond(id, action, { actor: SYSTEM, traceId: '' });

  /** A refusal means that nobody has to be reminded any more; an effect of the reminder schedules the next. */
  async function remind({ subject }: DueWork): Promise<void> {
    const id = parseIncidentId(subject);
    if (id !== undefined) await act(id, { kind: 'remind' });
  }

  /** Looks lazily: once per limit, not once per repeat. */
  async function stale({ subject }: DueWork): Promise<void> {
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
  }

  async function expire(id: IncidentId, staleSince: number): Promise<void> {
    const at = staleSince + EXPIRE_AFTER_MS;
    if (at <= clock.now()) await act(id, { kind: 'expire' });
    else await watch.schedule('stale', id, at);
  }

  /** Of one incident, or of all that a silence by matchers may have hidden. */
  async function silenceEnd({ subject }: DueWork): Promise<void> {
    const id = parseIncidentId(subject);
    if (id !== undefined) return ownSilenceEnd(id);
    const silence = await watch.silence(subject);
    if (silence === undefined) return;
    if (silence.removedAt === undefined && silence.endsAt > clock.now()) {
      return watch.schedule('silence_end', subject, silence.endsAt);
    }
    for (const hidden of await watch.unresolvedMatching(silence.matchers)) await act(hidden, { kind: 'silence_ended' });
  }

  /** A silence that was taken back, or broken by a rise to critical, has ended already: nothing is left to say. */
  async function ownSilenceEnd(id: IncidentId): Promise<void> {
    const known = await watch.incident(id);
    if (known?.incident.silencedUntil !== undefined) await act(id, { kind: 'silence_ended' });
  }

  async function heartbeats({ kind, subject }: DueWork): Promise<void> {
    for (const armed of await watch.heartbeats()) await checkHeartbeat(armed);
    await watch.schedule(kind, subject, clock.now() + HEARTBEAT_EVERY_MS);
  }

  async function checkHeartbeat({ heartbeat, absence }: ArmedHeartbeat): Promise<void> {
    const now = clock.now();
    if (absence === 'shown' || !isMissing(heartbeat, await watch.accepting(heartbeat.lastSeenAt), now)) return;
    // Whoever resolved it by hand knows that this sender is gone: it must not come back every hour.
    if (absence === 'dismissed') return watch.disarm(heartbeat.identity);
    const alerts = [silentAlert(heartbeat, 'firing', policy.locale ?? 'en-US')];
    await deps.accept({ alerts, receivedAt: now, digest: '', traceId: '' });
  }

  return { remind, stale, silence_end: silenceEnd, heartbeat: heartbeats } as const satisfies Record<string, Job>;
}
