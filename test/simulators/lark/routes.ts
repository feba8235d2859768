import type { IncomingHttpHeaders } from 'node:http';
import { type Answer, type Json, refuse } from './answer.ts';

/** A request as handlers see it. */
export interface Call {
  readonly method: string;
  readonly path: string;
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly peer: string;
  readonly body: unknown;
}

export type Handler = (call: Call) => Answer | Promise<Answer>;

/** `POST /open-apis/im/v1/messages/:id/reply` → its handler. */
export type Routes = Readonly<Record<string, Handler>>;

interface Found {
  readonly route: string;
  readonly params: Readonly<Record<string, string>>;
  readonly handler: Handler;
}

export function findRoute(routes: Routes, method: string, path: string): Found | undefined {
  for (const [route, handler] of Object.entries(routes)) {
    const [verb, pattern = ''] = route.split(' ');
    const params = verb === method ? matchPath(pattern, path) : undefined;
    if (params) return { route, params, handler };
  }
  return undefined;
}

function matchPath(pattern: string, path: string): Record<string, string> | undefined {
  const [wanted, given] = [pattern.split('/'), path.split('/')];
  if (wanted.length !== given.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, part] of wanted.entries()) {
    const actual = given[index] ?? '';
    if (part.startsWith(':')) params[part.slice(1)] = decodeURIComponent(actual);
    else if (part !== actual) return undefined;
  }
  return params;
}

export const notFound = (): Answer => refuse(99991201, 'resource not find', 404);

/** The body's field when it is a string, else undefined. */
export const textOf = (body: unknown, name: string): string | undefined => {
  const value = (body as Json | undefined)?.[name];
  return typeof value === 'string' ? value : undefined;
};
