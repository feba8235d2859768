import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Answer, isJson, tryParse } from './answer.ts';
import type { Fault, Faults } from './faults.ts';
import { isOpen } from './gateway.ts';
import { type Call, findRoute, notFound, type Routes } from './routes.ts';

/** One request that reached the platform. */
export interface Recorded {
  readonly method: string;
  readonly path: string;
  readonly body: unknown;
  readonly headers: IncomingMessage['headers'];
  readonly status: number;
  /** The `code` of the answer; undefined when it had none. */
  readonly code: number | undefined;
  readonly at: number;
}

export interface HttpDeps {
  readonly routes: Routes;
  readonly faults: Faults;
  readonly gateway: (route: string, call: Call) => Answer | undefined;
  readonly record: (request: Omit<Recorded, 'at'>) => void;
}

/** The HTTP side: reads, lets a fault happen, routes, answers in JSON. */
export function createPlatformHttp(deps: HttpDeps): Server {
  return createServer((request, response) => {
    serve(deps, request, response).catch((error: unknown) => {
      response.writeHead(500).end(String(error));
    });
  });
}

async function serve(deps: HttpDeps, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const call = await read(request);
  const { faults } = deps;
  if (faults.outage === 'unreachable') return void request.socket.destroy();
  const fault = faults.outage === 'none' ? faults.take(`${call.method} ${call.path}`) : undefined;
  if (fault?.kind === 'reset' && fault.when === 'before') return breakOff(request, fault);
  const answer = faults.outage === 'answering-503' ? { status: 503, body: '' } : await carryOut(deps, call, fault);
  const code = isJson(answer.body) ? answer.body['code'] : undefined;
  const { method, path, body, headers } = call;
  deps.record({
    method,
    path,
    body,
    headers,
    status: answer.status,
    code: typeof code === 'number' ? code : undefined,
  });
  if (fault?.kind === 'reset') return breakOff(request, fault);
  if (fault?.kind === 'slow') await sleep(fault.ms);
  write(response, answer, fault);
}

function breakOff(request: IncomingMessage, { tell }: Extract<Fault, { kind: 'reset' }>): void {
  tell?.();
  request.socket.destroy();
}

async function carryOut({ routes, gateway }: HttpDeps, call: Call, fault: Fault | undefined): Promise<Answer> {
  if (fault?.kind === 'answer') return fault.answer;
  const found = findRoute(routes, call.method, call.path);
  if (!found) return notFound();
  const refusal = isOpen(call.path) ? undefined : gateway(found.route, call);
  return refusal ?? found.handler({ ...call, params: found.params });
}

function write(response: ServerResponse, { status, headers, body }: Answer, fault: Fault | undefined): void {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers });
  if (fault?.kind !== 'truncated') return void response.end(text);
  response.write(text.slice(0, Math.floor(text.length / 2)));
  setImmediate(() => response.destroy());
}

async function read(request: IncomingMessage): Promise<Call> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const url = new URL(request.url ?? '/', 'http://platform');
  return {
    method: request.method ?? 'GET',
    path: url.pathname,
    params: {},
    query: url.searchParams,
    headers: request.headers,
    peer: request.socket.remoteAddress ?? '',
    body: tryParse(Buffer.concat(chunks).toString('utf8')),
  };
}
