import type { Clock } from '../../../types.ts';
import { isJsonObject, type JsonObject, parseJson } from '../../json.ts';
import { ModelFailed } from '../model.ts';
import type { WatchedCall } from '../watched-fetch.ts';
import { type Quote, refusalOf } from './refusal.ts';

/** The service API of one app. Throws `ModelFailed`; of refusals, `DifyRefused`. */
export interface Service {
  /** An object, or undefined when something else than JSON came. */
  get(call: WatchedCall, path: string): Promise<JsonObject | undefined>;
  /** The answer as it comes, with a status of success. */
  post(call: WatchedCall, path: string, body: JsonObject, quote: Quote): Promise<Response>;
}

export interface ServiceDeps {
  readonly baseUrl: string;
  readonly apiKey: string;
  readonly clock: Clock;
  readonly quote: Quote;
}

export function createService({ baseUrl, apiKey, clock, quote }: ServiceDeps): Service {
  const authorization = `Bearer ${apiKey}`;
  const send = async (call: WatchedCall, path: string, init: RequestInit, quoting: Quote): Promise<Response> => {
    const response = await call.fetch(`${baseUrl}${path}`, { ...init, signal: call.signal });
    if (!response.ok) throw await refusalOf(response, quoting, clock.now());
    return response;
  };
  return {
    async get(call, path) {
      const response = await send(call, path, { headers: { authorization } }, quote);
      const body = parseJson(await response.text());
      return isJsonObject(body) ? body : undefined;
    },
    post(call, path, body, quoting) {
      const accept = 'text/event-stream, application/json';
      const headers = { authorization, 'content-type': 'application/json', accept };
      return send(call, path, { method: 'POST', headers, body: JSON.stringify(body) }, quoting);
    },
  };
}

/** Ids come from the service: they must not become another path. */
export function pathId(id: string): string {
  if (!/^[\w-]{1,100}$/.test(id)) throw new ModelFailed('Dify gave an id that is none', 'bad_response');
  return id;
}
