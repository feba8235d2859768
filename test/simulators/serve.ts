import { type IncomingMessage, type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export interface Answered {
  readonly status?: number;
  /** A string is sent as it is, anything else as JSON. */
  readonly body: unknown;
  readonly type?: string;
  /** Answers only after so long, ms. */
  readonly delayMs?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Served {
  readonly url: string;
  /** What was asked, in order. */
  readonly asked: Asked[];
  close(): Promise<void>;
}

/** Serves JSON on the loopback, on a port of the system's choice. */
export async function serve(answer: (asked: Asked) => Answered): Promise<Served> {
  const asked: Asked[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const url = new URL(request.url ?? '/', 'http://x');
      const one = {
        method: request.method ?? 'GET',
        path: decodeURIComponent(url.pathname),
        query: url.searchParams,
        headers: request.headers,
        body: Buffer.concat(chunks).toString(),
      };
      asked.push(one);
      const { status = 200, body, type = 'application/json', delayMs = 0, headers = {} } = safely(answer, one);
      const timer = setTimeout(() => {
        response.writeHead(status, { 'content-type': type, ...headers });
        response.end(typeof body === 'string' ? body : JSON.stringify(body));
      }, delayMs);
      response.on('close', () => clearTimeout(timer));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, asked, close: () => closed(server) };
}

function safely(answer: (asked: Asked) => Answered, asked: Asked): Answered {
  try {
    return answer(asked);
  } catch (error) {
    return { status: 400, body: String(error), type: 'text/plain' };
  }
}

function closed(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}
