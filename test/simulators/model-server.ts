import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setImmediate, setTimeout as sleep } from 'node:timers/promises';
import type { ModelFault } from './model-faults.ts';

/** What a simulated model server received, and what came of it. */
export interface Received {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly raw: string;
  /** Parsed; undefined when it is no JSON. */
  readonly body: Readonly<Record<string, unknown>> | undefined;
  status: number;
  /** The client went away before all was said. */
  left: boolean;
}

export interface ModelServer {
  readonly origin: string;
  readonly received: Received[];
  /** How the next answers deviate, one each. Lists and probes are spared. */
  next(...faults: readonly ModelFault[]): void;
  /** How every answer deviates until told otherwise. */
  always(fault: ModelFault | undefined): void;
  close(): Promise<void>;
}

/** Answers one request; `fault` is empty for addresses that are no model calls. */
export type Serve = (received: Received, response: ServerResponse, fault: ModelFault) => Promise<void> | void;

/** A loopback server that lets the faults happen which need no knowledge of the protocol. */
export async function startModelServer(isCall: (path: string) => boolean, serve: Serve): Promise<ModelServer> {
  const received: Received[] = [];
  const queue: ModelFault[] = [];
  let always: ModelFault | undefined;
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const one = await read(request);
    received.push(one);
    response.once('close', () => {
      one.left = !response.writableEnded;
    });
    const fault = isCall(one.path) ? (queue.shift() ?? always ?? {}) : {};
    for (const [name, value] of Object.entries(fault.headers ?? {})) response.setHeader(name, value);
    if (!deviate(one, response, fault)) await serve(one, response, fault);
    one.status = response.statusCode;
  };
  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    received,
    next: (...faults) => void queue.push(...faults),
    always: (fault) => {
      always = fault;
    },
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

export interface Framing {
  readonly type: string;
  /** What ends a frame. */
  readonly end: string;
  /** What keeps the connection alive, when the protocol has it. */
  readonly ping?: string;
  /** An error as this protocol tells it within a stream. */
  readonly error: (error: unknown) => string;
}

/** Writes the frames of a stream, or what the fault makes of them. */
export async function sendFrames(
  response: ServerResponse,
  frames: readonly string[],
  framing: Framing,
  fault: ModelFault,
): Promise<void> {
  const end = fault.crlf === true ? framing.end.replaceAll('\n', '\r\n') : framing.end;
  response.writeHead(200, { 'content-type': framing.type });
  response.flushHeaders();
  const write = (frame: string): Promise<void> => put(response, `${frame}${end}`, fault.chunkBytes);
  if (framing.ping !== undefined && fault.pingEvery !== undefined) {
    const timer = setInterval(() => void response.write(`${framing.ping}${end}`), fault.pingEvery);
    response.once('close', () => clearInterval(timer));
  }
  for (const [index, frame] of frames.entries()) {
    await fault.hold?.(index);
    if (index === fault.stallAfter) return;
    if (index === fault.resetAfter) return void response.destroy();
    if (index === fault.cutAfter) break;
    if (index === fault.cutWithin) {
      await put(response, frame.slice(0, frame.length / 2), undefined);
      break;
    }
    if (index === fault.errorAfter?.frames) {
      await write(framing.error(fault.errorAfter.error));
      break;
    }
    if (response.destroyed) return;
    await write(frame);
    if (fault.pace !== undefined) await sleep(fault.pace);
  }
  if (!response.destroyed) response.end();
}

/** Whether the fault has answered already. */
function deviate({ headers, raw }: Received, response: ServerResponse, fault: ModelFault): boolean {
  if (fault.silent === true) return true;
  if (fault.headersOnly === true) {
    response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders();
    return true;
  }
  if (fault.html !== undefined) {
    const page = '<!DOCTYPE html><html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>';
    response.writeHead(fault.html, { 'content-type': 'text/html' }).end(page);
  } else if (fault.redirect !== undefined) {
    response.writeHead(307, { location: fault.redirect }).end();
  } else if (fault.refuse !== undefined) {
    const { status, body } = fault.refuse;
    if (typeof body === 'string') response.writeHead(status, { 'content-type': 'text/plain' }).end(body);
    else sendJson(response, status, body);
  } else if (fault.echo === true) {
    sendJson(response, 400, { error: { message: `Bad request: ${headers.authorization} ${raw}` } });
  }
  return response.writableEnded;
}

/** Chunks leave one by one, or whoever reads them would find them put together again. */
async function put(response: ServerResponse, text: string, chunkBytes: number | undefined): Promise<void> {
  const bytes = Buffer.from(text);
  if (chunkBytes === undefined) return void response.write(bytes);
  for (let at = 0; at < bytes.length && !response.destroyed; at += chunkBytes) {
    response.write(bytes.subarray(at, at + chunkBytes));
    await setImmediate();
  }
}

async function read(request: IncomingMessage): Promise<Received> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const raw = Buffer.concat(chunks).toString();
  const { method = 'GET', url: path = '/', headers } = request;
  return { method, path, headers, raw, body: parsed(raw), status: 0, left: false };
}

function parsed(raw: string): Received['body'] {
  try {
    const value: unknown = JSON.parse(raw);
    return typeof value === 'object' && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}
