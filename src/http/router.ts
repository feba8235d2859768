import express, { type ErrorRequestHandler, type Express, type RequestHandler } from 'express';
import { wantsPage } from '../console/wants-page.ts';
import { methodNotAllowed } from './answer.ts';
import { NotFound, Unauthorized } from './errors.ts';
import type { Check } from './guards.ts';
import { pageHeaders } from './page-headers.ts';
import type { Guard, Mount, Route } from './ports.ts';

/** An address of our own, not mounted by another room. */
export interface OwnRoute extends Route {
  readonly handler: RequestHandler;
}

export interface RouterDeps {
  readonly routes: readonly OwnRoute[];
  readonly mounts: readonly Mount[];
  readonly checks: Readonly<Record<Exclude<Guard, 'alerts'>, Check>>;
  readonly refuse: ErrorRequestHandler;
  /** Answers a person's browser that may not pass a mount's guard. */
  readonly turnAway: ErrorRequestHandler;
}

/** Everything but the alert entrance. What is not in a table is not served; each entry names who may pass. */
export function createRouter({ routes, mounts, checks, refuse, turnAway }: RouterDeps): Express {
  const app = express();
  app.disable('x-powered-by').disable('etag').set('query parser', 'simple').set('trust proxy', false);
  app.use(pageHeaders);
  app.use((req, _res, next) => {
    // No name and no text of ours holds a NUL, and not every database takes one.
    if (/%00/.test(req.url)) throw new NotFound('Nothing is served at an address with a NUL in it.');
    next();
  });
  for (const { methods, path, guard, handler } of routes) {
    app.all(path, (req, res, next) => (methods.includes(req.method) ? next() : methodNotAllowed(res, methods)));
    app.all(path, guarded(checkOf(checks, guard), undefined), handler);
  }
  for (const { path, guard, handler } of mounts) app.use(path, guarded(checkOf(checks, guard), turnAway), handler);
  app.use((req) => {
    throw new NotFound(`Nothing is served at ${req.path.slice(0, 200)}.`);
  });
  app.use(refuse);
  return app;
}

function checkOf(checks: RouterDeps['checks'], guard: Guard): Check {
  if (guard === 'alerts') throw new Error('the alert entrance is no mount');
  return checks[guard];
}

/** Everybody but a person's browser hears what to send. */
function guarded(check: Check, turnAway: ErrorRequestHandler | undefined): RequestHandler {
  return async (req, res, next): Promise<void> => {
    try {
      await check(req);
    } catch (err) {
      const page = err instanceof Unauthorized && wantsPage(req) ? turnAway : undefined;
      if (page === undefined) throw err;
      return void page(err, req, res, next);
    }
    next();
  };
}
