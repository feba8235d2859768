import type { ServerResponse } from 'node:http';

export type Headers = Readonly<Record<string, string>>;

/** On everything we answer: our JSON is no page and nobody's to keep. */
const JSON_HEADERS = {
  'Content-Type': 'application/json; charset=utf-8',
  'Cache-Control': 'no-store',
  'X-Content-Type-Options': 'nosniff',
} as const;

/** Sends our one shape of JSON: `{"code","message","data","timestamp"}`. */
export function answer(
  res: ServerResponse,
  status: number,
  message: string,
  data: object = {},
  headers?: Headers,
): void {
  if (res.headersSent) return void res.end();
  const body = JSON.stringify({ code: status, message, data, timestamp: new Date().toISOString() });
  res.writeHead(status, { ...JSON_HEADERS, ...headers, 'Content-Length': Buffer.byteLength(body) });
  res.end(body);
}

export const methodNotAllowed = (res: ServerResponse, methods: readonly string[]): void =>
  answer(res, 405, `This address takes ${methods.join(', ')} only.`, {}, { Allow: methods.join(', ') });
