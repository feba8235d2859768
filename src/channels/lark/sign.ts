import { createHmac } from 'node:crypto';
import type { EpochMs } from '../../types.ts';

/** What goes beside the message to a custom bot with signing on. */
export interface HookSignature {
  /** Seconds since 1970 as text; good for an hour. */
  readonly timestamp: string;
  readonly sign: string;
}

/** Platform fact (custom bots): HMAC-SHA256 over nothing, with `timestamp`, a line end and the secret as its key. */
export function signHook(secret: string, now: EpochMs): HookSignature {
  const timestamp = String(Math.floor(now / 1000));
  return { timestamp, sign: createHmac('sha256', `${timestamp}\n${secret}`).digest('base64') };
}
