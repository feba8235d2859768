import { randomUUID } from 'node:crypto';
import type { Answer } from './answer.ts';
import type { Connections } from './connections.ts';
import { field } from './message-body.ts';
import type { Routes } from './routes.ts';
import type { App } from './world.ts';

const MOST_CONNECTIONS = 50;

/**
 * How the endpoint refuses. Both forms are seen in the field: with a `data` object the vendor's client gives up,
 * without one, or as an HTTP error, it tries for ever.
 */
export type EndpointForm = 'with-data' | 'without-data' | 'http-400' | 'http-500';

export interface EndpointError {
  readonly code: number;
  readonly form: EndpointForm;
  /** How many times; for ever unless given. */
  readonly times?: number;
}

export interface Endpoint {
  readonly routes: Routes;
  readonly tickets: Set<string>;
  /** The next requests are refused with this. */
  fail(error: EndpointError | undefined): void;
  readonly asked: () => number;
}

export function createEndpoint(app: App, address: () => string, connections: () => Connections): Endpoint {
  const tickets = new Set<string>();
  let failing: EndpointError | undefined;
  let left = 0;
  let asked = 0;

  function answer(body: unknown): Answer {
    asked += 1;
    if (failing && left > 0) {
      left -= 1;
      return refuseEndpoint(failing.code, failing.form);
    }
    if (field(body, 'AppID') !== app.id) return refuseEndpoint(1000040346, 'with-data', 'app_id is invalid');
    if (field(body, 'AppSecret') !== app.secret) return refuseEndpoint(514, 'with-data', 'auth failed');
    if (connections().open().length >= MOST_CONNECTIONS) {
      return refuseEndpoint(1000040350, 'with-data', 'the number of connections exceeded the limit');
    }
    const ticket = randomUUID();
    tickets.add(ticket);
    // `device_id` and `service_id` may not stand first: the vendor's client reads the whole address as a query.
    const query = `fpid=493&aid=552564&device_id=1&access_key=k&service_id=33554678&ticket=${ticket}`;
    const data = { URL: `${address()}/ws/v2?${query}`, ClientConfig: connections().config };
    return { status: 200, body: { code: 0, msg: '', data } };
  }

  return {
    routes: { 'POST /callback/ws/endpoint': ({ body }) => answer(body) },
    tickets,
    fail(error) {
      failing = error;
      left = error?.times ?? Infinity;
    },
    asked: () => asked,
  };
}

function refuseEndpoint(code: number, form: EndpointForm, msg = 'refused'): Answer {
  const status = form === 'http-400' ? 400 : form === 'http-500' ? 500 : 200;
  return { status, body: form === 'with-data' ? { code, msg, data: {} } : { code, msg } };
}
