import { setTimeout as sleep } from 'node:timers/promises';
import { type LarkEvent, readEnvelope } from '../../channels/lark/inbound/envelope.ts';
import { objectOf } from '../../channels/lark/inbound/read.ts';
import { createMask } from '../../channels/lark/redact.ts';
import { openSocket } from '../../channels/lark/sdk.ts';
import { CommandRefused } from '../command.ts';
import type { Patient } from './patient.ts';

/** A long connection of our own, for as long as a check needs one. */
export interface Ears {
  /** Rejects when it has not come up after `ms`, or cannot. */
  connected(ms: number): Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens a connection that wants the events for which `take` has an answer. All others it refuses, so that the platform
 * brings them again 15 s later, to whoever is connected then; presses are never repeated, so people are asked to.
 */
export function openEars({ app, log, t, interrupted }: Patient, take: (event: LarkEvent) => object | undefined): Ears {
  const mask = createMask([app.appSecret]);
  const { promise: up, resolve, reject } = Promise.withResolvers<void>();
  up.catch(() => undefined);
  const dispatch = async (payload: unknown): Promise<object> => {
    const event = readEnvelope(objectOf(payload) ?? {});
    const answer = event && take(event);
    if (answer !== undefined) return answer;
    if (event?.type === 'card.action.trigger') return { toast: { type: 'info', content: t.press.card.later } };
    throw new CommandRefused('not for the doctor');
  };
  const onError = (error: Error): void => reject(new Error(mask(error.message)));
  const opening = openSocket({ ...app, log, dispatch, onReady: () => resolve(), onError });
  opening.catch(onError);
  return {
    connected: async (ms) => {
      const timer = new AbortController();
      const late = sleep(ms, undefined, { signal: AbortSignal.any([timer.signal, interrupted]) }).then(() => {
        throw new Error(t.connection.timeout(ms / 1000));
      });
      try {
        await Promise.race([up, late]);
      } finally {
        timer.abort();
        late.catch(() => undefined);
      }
    },
    close: async () => (await opening.catch(() => undefined))?.close(),
  };
}
