import type { ZodType } from 'zod';
import { AppError } from '../../errors.ts';
import type { ApiDeps } from './ports.ts';

/** One address of the interface as data: the router, the checks and the OpenAPI document are made from it. */
export interface Route<Q = unknown, B = unknown> {
  readonly method: 'get' | 'post' | 'patch' | 'delete';
  /** Below `/api/v1`, with `:id` for parameters. */
  readonly path: string;
  readonly summary: string;
  readonly query?: ZodType<Q>;
  readonly body?: ZodType<B>;
  /** Shape of `data`. */
  readonly data: ZodType;
  /** Recorded under this name; what `perform` runs records itself. */
  readonly audit?: string;
  run(request: ApiRequest<Q, B>, deps: ApiDeps): Promise<Reply>;
}

export interface ApiRequest<Q, B> {
  readonly params: Readonly<Record<string, string>>;
  readonly query: Q;
  readonly body: B;
  readonly traceId: string;
  /** `Idempotency-Key`, when one was sent. */
  readonly idempotencyKey?: string;
}

export interface Reply {
  /** 200 when absent. */
  readonly status?: number;
  readonly message?: string;
  readonly data: object;
  /** What was changed, for the audit. */
  readonly subject?: string;
}

/** Keeps a route's own types while it is written; the table holds them as unknown, checked by the schemas. */
export const route = <Q, B>(one: Route<Q, B>): Route => one;

/** A refusal with its HTTP status; the message says what to do. */
export class ApiRefusal extends AppError {
  readonly code = 'api_refusal';
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

export const notFound = (thing: string, id: string | undefined): ApiRefusal =>
  new ApiRefusal(404, `There is no ${thing} ${id ?? ''}.`);
