import { PlatformUnavailable } from '../../errors.ts';
import type { Allowance } from './allowance.ts';
import { type Verb, appErrorOf, isDeadToken } from './errors.ts';
import type { CallMeter } from './meter.ts';
import { type LarkClient, type LarkClientDeps, type LarkRequest, openLarkClient } from './sdk.ts';
import { LarkRefusal } from './wire.ts';

export interface CallDeps extends Omit<LarkClientDeps, 'onRequest'> {
  readonly random: () => number;
  readonly meter?: Pick<CallMeter, 'count'>;
  readonly allowance?: Pick<Allowance, 'through'>;
}

/** Resolves with a success' body; throws the classes of `src/errors.ts`. */
export type Call = (verb: Verb, request: LarkRequest, signal: AbortSignal) => Promise<object>;

/** The one way out: counts, waits for a token, retries a dead one, and turns refusals into our classes. */
export function createCall(deps: CallDeps): Call {
  const { allowance, meter, random } = deps;
  let opening: Promise<LarkClient> | undefined;
  const client = (): Promise<LarkClient> =>
    (opening ??= openLarkClient({ ...deps, ...(meter && { onRequest: meter.count }) }));

  return async (verb, request, signal) => {
    if (signal.aborted) throw new PlatformUnavailable('the call was aborted before it began', false);
    const open = await client();
    const make = (): Promise<object> => twice(open, request, signal);
    try {
      return await (allowance === undefined ? make() : allowance.through(verb, make));
    } catch (error) {
      throw error instanceof LarkRefusal ? appErrorOf(error, { verb, random }) : error;
    }
  };
}

async function twice(client: LarkClient, request: LarkRequest, signal: AbortSignal): Promise<object> {
  const token = await tokenWithin(client, signal);
  try {
    return await client.request(request, signal);
  } catch (error) {
    if (!isDeadToken(error)) throw error;
    client.tokens.evict(token);
  }
  await tokenWithin(client, signal);
  return client.request(request, signal);
}

/** A token is shared by many calls, so one caller's end ends only its wait. Nothing has been sent of its call yet. */
async function tokenWithin({ tokens }: LarkClient, signal: AbortSignal): Promise<string> {
  const { promise, reject } = Promise.withResolvers<never>();
  const abort = () => reject(new PlatformUnavailable('lark gave no access token in time', false));
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await Promise.race([tokens.current(), promise]);
  } catch (error) {
    if (error instanceof PlatformUnavailable) throw new PlatformUnavailable(`no access token: ${error.message}`, false);
    throw error;
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
