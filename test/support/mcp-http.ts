import { randomUUID } from 'node:crypto';
import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { createMcpTestServer } from './mcp-server.ts';

export interface McpHttp {
  readonly url: string;
  readonly asked: [string, unknown][];
  /** Method and path of each request, with its `authorization`. */
  readonly requests: { readonly line: string; readonly authorization: string | undefined }[];
  /** Forgets every session, as a restart does. */
  forget(): void;
  /** Answers the next requests by hand; undefined: as usual. */
  answer: ((req: IncomingMessage, res: ServerResponse) => boolean) | undefined;
  close(): void;
}

/** The protocol's own server on loopback, with sessions. */
export async function openMcpHttp(make: typeof createMcpTestServer = createMcpTestServer): Promise<McpHttp> {
  const asked: [string, unknown][] = [];
  const sessions = new Map<string, StreamableHTTPServerTransport>();
  const http: McpHttp = {
    url: '',
    asked,
    requests: [],
    forget: () => sessions.clear(),
    answer: undefined,
    close: () => undefined,
  };
  const server: Server = createServer((req, res) => {
    http.requests.push({ line: `${req.method} ${req.url}`, authorization: req.headers.authorization });
    if (http.answer?.(req, res) === true) return;
    void serve(req, res, sessions, () => make(asked));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const close = (): void => {
    server.closeAllConnections();
    server.close();
  };
  return Object.assign(http, { url: `http://127.0.0.1:${port}/mcp`, close });
}

async function serve(
  req: IncomingMessage,
  res: ServerResponse,
  sessions: Map<string, StreamableHTTPServerTransport>,
  make: () => ReturnType<typeof createMcpTestServer>,
): Promise<void> {
  const id = req.headers['mcp-session-id'];
  const known = typeof id === 'string' ? sessions.get(id) : undefined;
  if (known !== undefined) return known.handleRequest(req, res);
  if (id !== undefined)
    return void res
      .writeHead(404)
      .end('{"jsonrpc":"2.0","error":{"code":-32001,"message":"Session not found"},"id":null}');
  const transport = new StreamableHTTPServerTransport({
    sessionIdGenerator: randomUUID,
    onsessioninitialized: (made) => void sessions.set(made, transport),
    onsessionclosed: (gone) => void sessions.delete(gone),
  });
  await make().connect(transport);
  await transport.handleRequest(req, res);
}
