import { parseIncidentId } from '../incident/id.ts';
import { type IncidentId, SYSTEM } from '../incident/incident.ts';
import type { AcceptAlerts, IncidentAction, Policy, Respond, Response } from '../incident/ports.ts';
import type { Clock } from '../types.ts';
import { createHeartbeats } from './heartbeats.ts';
import type { DueWork, Watch } from './ports.ts';
import { createSilenceEnd } from './silence-end.ts';
import { createStale } from './stale.ts';

export interface PolicyJobsDeps {
  readonly respond: Respond;
  readonly accept: AcceptAlerts;
  readonly watch: Watch;
  readonly policy: Policy;
  readonly clock: Clock;
}

export type Job = (work: DueWork) => Promise<void>;

/** What each of the jobs has: besides the rest, the means to act in nobody's name. */
export interface PolicyJobDeps extends Omit<PolicyJobsDeps, 'respond'> {
  readonly act: (id: IncidentId, action: IncidentAction) => Promise<Response>;
}

/**
 * What time alone changes about incidents, one job for each kind of due-row. Each writes through the same ports as
 * people and senders; none sends anything.
 */
export function createPolicyJobs({ respond, ...deps }: PolicyJobsDeps) {
  const act: PolicyJobDeps['act'] = (id, action) => respond(id, action, { actor: SYSTEM, traceId: '' });
  const parts = { ...deps, act };
  return {
    remind: createRemind(parts),
    stale: createStale(parts),
    silence_end: createSilenceEnd(parts),
    heartbeat: createHeartbeats(parts),
  } as const satisfies Record<string, Job>;
}

/** A refusal means that nobody has to be reminded any more; an effect of the reminder schedules the next. */
const createRemind =
  ({ act }: PolicyJobDeps): Job =>
  async ({ subject }) => {
    const id = parseIncidentId(subject);
    if (id !== undefined) await act(id, { kind: 'remind' });
  };
