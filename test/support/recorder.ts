import { type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * A chat platform as its own process, with a ledger that the server under test cannot touch: it keeps every card it
 * accepted and can be told to throttle, hang, drop answers, disown a room, or kill the server at an exact instant.
 */
export interface RecordedCall {
  readonly at: number;
  readonly verb: 'post' | 'edit' | 'send';
  readonly room: string;
  readonly key: string;
  readonly ref: string;
  readonly title: string;
  readonly tone: string;
  readonly rev: number;
  readonly incidentId: string;
  readonly outcome: 'accepted' | 'repeated' | 'throttled' | 'gone' | 'hung' | 'killed';
}

/** What to do to the server under test; counted down by the calls it applies to. */
interface Orders {
  kill: { verb: string; when: 'before' | 'after'; pid: number } | undefined;
  /** Calls a room takes in a minute, evenly spread; 0 = as many as come. */
  perMinute: number;
  hang: readonly string[];
  drop: readonly string[];
  gone: readonly string[];
  /** Whether a repeated key is recognised, as a platform with idempotency keys does. */
  keys: boolean;
}

interface CallBody {
  readonly key: string;
  readonly room: string;
  readonly title: string;
  readonly tone: string;
  readonly rev: number;
  readonly incidentId: string;
}

const orders: Orders = {
  kill: undefined,
  perMinute: 0,
  hang: [],
  drop: [],
  gone: [],
  keys: true,
};
let calls: RecordedCall[] = [];
const byKey = new Map<string, string>();
/** When each room takes its next call. */
const nextAt = new Map<string, number>();
let lastRef = 0;

const server = createServer((request, response) => {
  void route(request, response).catch(() => response.destroy());
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => {
  const address = server.address() as AddressInfo;
  process.stdout.write(`recorder ${address.port}\n`);
});

async function route(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const path = request.url ?? '/';
  const body = await readBody(request);
  if (path === '/ledger') return reply(response, 200, calls);
  if (path === '/forget') {
    calls = [];
    return reply(response, 200, {});
  }
  if (path === '/orders') {
    Object.assign(orders, body);
    return reply(response, 200, orders);
  }
  const verb = path === '/send' ? 'send' : request.method === 'PUT' ? 'edit' : 'post';
  // The body is what the recorder's own channel sends; nothing else talks to these addresses.
  accept(verb, path.split('/')[2] ?? '', body as CallBody, response);
}

function accept(verb: RecordedCall['verb'], editedRef: string, body: CallBody, response: ServerResponse): void {
  const record = (ref: string, outcome: RecordedCall['outcome']): void => {
    const { key, room, title, tone, rev, incidentId } = body;
    calls.push({ at: Date.now(), verb, room, key, ref, title, tone, rev, incidentId, outcome });
  };
  if (orders.gone.includes(body.room)) {
    record('', 'gone');
    return reply(response, 404, { error: 'gone' });
  }
  const waitMs = throttledFor(body.room);
  if (waitMs > 0) {
    record('', 'throttled');
    response.setHeader('retry-after', String(Math.ceil(waitMs / 1000)));
    return reply(response, 429, { error: 'throttled' });
  }
  if (orders.hang.includes(body.room)) return record('', 'hung');
  const kill = orders.kill?.verb === verb ? orders.kill : undefined;
  if (kill !== undefined) orders.kill = undefined;
  if (kill?.when === 'before') {
    record('', 'killed');
    process.kill(kill.pid, 'SIGKILL');
    return;
  }
  const known = verb === 'post' && orders.keys ? byKey.get(body.key) : undefined;
  const ref = verb === 'edit' ? editedRef : (known ?? `m${(lastRef += 1)}`);
  if (verb === 'post') byKey.set(body.key, ref);
  record(ref, known === undefined ? 'accepted' : 'repeated');
  if (kill?.when === 'after') {
    process.kill(kill.pid, 'SIGKILL');
    return;
  }
  if (orders.drop.includes(body.room)) {
    response.destroy();
    return;
  }
  reply(response, 200, { ref });
}

/** How long until the room takes a call, in ms; 0 when it takes this one. */
function throttledFor(room: string): number {
  if (orders.perMinute === 0) return 0;
  const now = Date.now();
  const waitMs = Math.max(0, (nextAt.get(room) ?? 0) - now);
  if (waitMs === 0) nextAt.set(room, now + 60_000 / orders.perMinute);
  return waitMs;
}

async function readBody(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString('utf8');
  return text === '' ? {} : JSON.parse(text);
}

function reply(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}
