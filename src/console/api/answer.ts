import type { ErrorRequestHandler, Response } from 'express';
import { z } from 'zod';
import { codeOf } from '../../errors.ts';
import { ApiRefusal } from './route.ts';

/** Our one shape of JSON. */
export function answer(res: Response, status: number, message: string, data: object): void {
  res
    .status(status)
    .set({ 'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff' })
    .json({ code: status, message, data, timestamp: new Date().toISOString() });
}

/** What the caller did wrong, in words that say what to do; everything else is for the entrance's own table. */
export const refusals: ErrorRequestHandler = (err: unknown, _req, res, next) => {
  if (res.headersSent) return next(err);
  if (err instanceof ApiRefusal) return answer(res, err.status, err.message, {});
  if (err instanceof z.ZodError) return answer(res, 400, faultsOf(err), {});
  if (codeOf(err) === 'invalid_cursor' && err instanceof Error) return answer(res, 400, err.message, {});
  if (isUnreadable(err)) return answer(res, err.status, unreadableWords(err.status), {});
  return next(err);
};

/** Each fault with the place it is at. */
export const faultsOf = ({ issues }: z.ZodError): string =>
  issues.map(({ path, message }) => `${path.map(String).join('.') || 'body'}: ${message}`).join('; ');

/** The body parser's errors carry a status of their own. */
const isUnreadable = (err: unknown): err is Error & { readonly status: number } =>
  err instanceof Error && 'type' in err && 'status' in err && typeof err.status === 'number' && err.status < 500;

const unreadableWords = (status: number): string =>
  status === 413 ? 'The body is larger than 1 MiB.' : 'The body is no JSON; send application/json.';
