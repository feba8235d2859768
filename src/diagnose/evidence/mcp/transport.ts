import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { SourceFailed } from '../failure.ts';
import type { HttpServer, LocalServer, McpServer } from './config.ts';

/** Of one answer over HTTP, and of one message of a program. */
const MOST_BYTES = 4 * 1024 * 1024;

/** The wire to a server; `onTooLarge` hears of an answer that is cut off, for the client only sees silence then. */
export const createTransport = (
  { name, at }: McpServer,
  fetcher: typeof fetch,
  onTooLarge: (error: SourceFailed) => void,
): Promise<Transport> => (at.kind === 'http' ? overHttp(name, at, fetcher, onTooLarge) : overStdio(at));

/** The program's own complaints are not ours to print; of our environment it sees no more than PATH, HOME and the like. */
async function overStdio({ command, args, env }: LocalServer): Promise<Transport> {
  const { StdioClientTransport } = await import('@modelcontextprotocol/sdk/client/stdio.js');
  return new StdioClientTransport({
    command,
    args: [...args],
    env: { ...env },
    stderr: 'ignore',
    maxBufferSize: MOST_BYTES,
  });
}

async function overHttp(
  name: string,
  { url, headers }: HttpServer,
  fetcher: typeof fetch,
  onTooLarge: (error: SourceFailed) => void,
): Promise<Transport> {
  const { StreamableHTTPClientTransport } = await import('@modelcontextprotocol/sdk/client/streamableHttp.js');
  const place = new URL(url);
  const guarded = async (asked: string | URL, init: RequestInit = {}): Promise<Response> => {
    if (new URL(asked).href !== place.href) throw new SourceFailed(`mcp:${name}`, { kind: 'unaskable' });
    // Nothing is waited for but answers: without a stream of its own the server has nothing to say unasked.
    if (init.method === 'GET') return new Response(null, { status: 405 });
    const response = await fetcher(place, { ...init, redirect: 'error' });
    return bounded(response, () =>
      onTooLarge(new SourceFailed(`mcp:${name}`, { kind: 'too_large', limitBytes: MOST_BYTES })),
    );
  };
  return new StreamableHTTPClientTransport(place, {
    requestInit: { headers: { ...headers } },
    fetch: guarded,
    reconnectionOptions: {
      maxRetries: 0,
      initialReconnectionDelay: 1000,
      maxReconnectionDelay: 1000,
      reconnectionDelayGrowFactor: 1,
    },
  });
}

/** The same answer, ended where it becomes larger than any honest one. */
function bounded(response: Response, tooLarge: () => void): Response {
  if (response.body === null) return response;
  let left = MOST_BYTES;
  const limit = new TransformStream<Uint8Array, Uint8Array>({
    transform: (chunk, controller) => {
      left -= chunk.length;
      if (left >= 0) return controller.enqueue(chunk);
      tooLarge();
      controller.error(new Error('too large'));
    },
  });
  const { status, statusText, headers } = response;
  return new Response(response.body.pipeThrough(limit), { status, statusText, headers });
}
