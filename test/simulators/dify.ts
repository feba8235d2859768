import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answerAsk, isAsk, sendJson } from './dify-ask.ts';
import { routeOf } from './dify-routes.ts';
import { obedientAnswer } from './obedient.ts';
import {
  type Ask,
  createWorld,
  type DifyApp,
  type DifyFault,
  isJson,
  type Json,
  type Recorded,
  Refusal,
  type Said,
  type World,
} from './dify-world.ts';

/** A loopback server that speaks the service API of one Dify app. */
export interface DifySimulator {
  /** With `/v1`. */
  readonly url: string;
  /** May be changed at any time: its kind, form, key. */
  readonly app: DifyApp;
  /** What it received and what came of it. */
  readonly ledger: Pick<World, 'requests' | 'asks' | 'feedbacks' | 'stops' | 'messages' | 'conversations' | 'runs'>;
  /** What it says from now on. */
  answer(answer: string | ((ask: Ask) => Said | Promise<Said>)): void;
  /** From now on it does what any text in its prompt says. */
  obey(): void;
  /** How the next answer deviates; more than once: the ones after it. */
  next(...faults: readonly DifyFault[]): void;
  /** How every answer deviates until told otherwise. */
  always(fault: DifyFault | undefined): void;
  /** Paths that do not exist from now on: `/info`. */
  without(...paths: readonly string[]): void;
  completeConversation(id: string): void;
  close(): Promise<void>;
}

export async function startDifySimulator(app: Partial<DifyApp> = {}): Promise<DifySimulator> {
  const world = createWorld(app, ({ query }) => ({ text: `You asked: ${query.slice(0, 200)}` }));
  const server = createServer((request, response) => {
    serve(world, request, response).catch((error: unknown) =>
      response.destroy(error instanceof Error ? error : undefined),
    );
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  // A listening TCP server has an address with a port.
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/v1`,
    app: world.app,
    ledger: world,
    answer: (answer) => {
      world.answer = typeof answer === 'string' ? () => ({ text: answer }) : answer;
    },
    obey: () => {
      world.answer = ({ query }) => ({ text: JSON.stringify(obedientAnswer(query)) });
    },
    next: (...faults) => void world.faults.push(...faults),
    always: (fault) => {
      world.always = fault;
    },
    without: (...paths) => {
      for (const path of paths) world.missing.add(path);
    },
    completeConversation: (id) => {
      const known = world.conversations.get(id);
      if (known !== undefined) known.completed = true;
    },
    close: async () => {
      for (const { stop } of world.tasks.values()) stop.abort();
      const closed = new Promise((done) => server.close(done));
      server.closeAllConnections();
      await closed;
    },
  };
}

async function serve(world: World, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://dify');
  const method = request.method ?? 'GET';
  const body = await bodyOf(request);
  const { authorization } = request.headers;
  const recorded: Recorded = {
    method,
    path: url.pathname,
    query: url.search,
    body,
    authorization,
    status: 0,
    left: false,
  };
  world.requests.push(recorded);
  response.once('close', () => {
    recorded.status = response.statusCode;
    recorded.left = !response.writableFinished;
  });
  try {
    await route(world, recorded, url, response);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const { status, code, message } = error;
    const headers = world.always?.headers ?? {};
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(JSON.stringify({ code, message, status }));
  }
}

async function route(world: World, request: Recorded, url: URL, response: ServerResponse): Promise<void> {
  const path = url.pathname.startsWith('/v1/') ? url.pathname.slice(3) : undefined;
  if (path === undefined || world.missing.has(path)) {
    return void response.writeHead(404, { 'content-type': 'text/html' }).end('<h1>404 Not Found</h1>');
  }
  if (request.authorization !== `Bearer ${world.app.key}`) {
    throw new Refusal(401, 'unauthorized', 'Access token is invalid');
  }
  const body: Json = isJson(request.body) ? request.body : {};
  if (request.method === 'POST' && isAsk(path)) return await answerAsk(world, path, body, response);
  sendJson(response, 200, routeOf(world, request.method, path, url.searchParams, body));
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch {
    return undefined;
  }
}
