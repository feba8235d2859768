import type { SimulatedClock } from './clock.ts';
import { HOUR, MINUTE } from './deps.ts';
import type { Envelope } from './envelopes.ts';
import type { ReplyProblem, Transport } from './transport.ts';

/** Waits before the second, third, fourth and fifth attempt. */
export const LADDER: readonly number[] = [15_000, 5 * MINUTE, HOUR, 6 * HOUR];

/** One attempt to bring an event to the app. */
export interface Attempt {
  readonly eventId: string;
  readonly type: string;
  readonly via: Transport['name'];
  readonly attempt: number;
  readonly at: number;
  readonly problem: ReplyProblem | undefined;
  readonly status: number;
}

/** Brings events to the app: at least once, five times at most, never twice at the same time. */
export function createDeliveries(clock: SimulatedClock) {
  const attempts: Attempt[] = [];

  async function deliver(way: () => Transport, envelope: Envelope, attempt = 0): Promise<Attempt> {
    // An app may have changed its way of listening between two attempts.
    const transport = way();
    const at = clock.now();
    const reply = await transport.event(envelope, attempt);
    const made: Attempt = {
      eventId: envelope.header.event_id,
      type: envelope.header.event_type,
      via: transport.name,
      attempt,
      at,
      problem: reply.ok ? undefined : reply.problem,
      status: reply.ok ? 200 : reply.status,
    };
    attempts.push(made);
    const wait = LADDER[attempt];
    if (!reply.ok && wait !== undefined) {
      clock.after(wait, async () => void (await deliver(way, envelope, attempt + 1)));
    }
    return made;
  }

  return { attempts, deliver: (way: () => Transport, event: Envelope) => deliver(way, event) };
}
