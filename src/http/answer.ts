import type { ServerResponse } from 'node:http';
import { traceId } from '../telemetry/log.ts';

export type Headers = Readonly<Record<string, string>>;

/** Sends our one shape of JSON: `{"code","message","data","timestamp"}`; it is no page and nobody's to keep. */
export function answer(
  res: ServerResponse,
  status: number,
  message: string,
  data: object = {},
  headers?: Headers,
): void {
  if (res.headersSent) return void res.end();
  const body = JSON.stringify({ code: status, message, data, timestamp: new Date().toISOString() });
  // A flat list costs a third of an object: Node writes it as it is.
  const list = [
    'Content-Type',
    'application/json; charset=utf-8',
    'Cache-Control',
    'no-store',
    'X-Content-Type-Options',
    'nosniff',
    'X-Request-Id',
    traceId(),
    'Content-Length',
    String(Buffer.byteLength(body)),
  ];
  if (headers !== undefined) for (const name in headers) list.push(name, headers[name] ?? '');
  res.writeHead(status, list);
  res.end(body);
}

export const methodNotAllowed = (res: ServerResponse, methods: readonly string[]): void =>
  answer(res, 405, `This address takes ${methods.join(', ')} only.`, {}, { Allow: methods.join(', ') });
