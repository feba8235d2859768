import { type Request, type Response, Router } from 'express';
import type { Locale } from '../types.ts';
import { type Assets, openAssets } from './assets.ts';
import { consoleBody } from './console-layout.ts';
import { createEvents } from './events.ts';
import type { Html } from './html.ts';
import { homeHtml, incidentHtml, incidentsHtml, notFoundHtml } from './incident-pages.ts';
import { sendPage } from './layout.ts';
import { createPlaygroundRoutes } from './playground-routes.ts';
import type { ConsolePort, PlaygroundPort, Subscribe } from './ports.ts';
import { timesFor } from './times.ts';
import { type Visitor, visitorOf } from './visitor.ts';
import { wantsPage } from './wants-page.ts';

export interface ConsoleDeps {
  readonly console: ConsolePort;
  readonly playground: PlaygroundPort;
  readonly subscribe: Subscribe;
  readonly publicUrl: string;
  /** For visitors who have not chosen one. */
  readonly locale: Locale;
  readonly timezone: string;
}

/** Incidents on one page of the list. */
const LISTED = 100;

/**
 * The web pages: `/`, `/incidents`, `/playground` and what they load, for a mount at the root that decides who may come
 * in. `close` ends the open event streams, which would otherwise hold a stopping server up.
 */
export function createConsole(deps: ConsoleDeps): { readonly router: Router; close(): void } {
  const assets = openAssets();
  const events = createEvents(deps.subscribe);
  const router = Router();
  router.use('/assets/:version', assets.serve);
  router.get('/playground/events', events.handler);
  router.use(createPlaygroundRoutes({ ...deps, assets }));
  router.get('/', (request, response) => home(deps, assets, request, response));
  router.get('/incidents', (request, response) => list(deps, assets, request, response));
  router.get('/incidents/:id', (request, response) => one(deps, assets, request, response));
  // A person's browser is shown a page, everybody else what the server says about any address that is none.
  router.use((request, response, next) => (wantsPage(request) ? missing(deps, assets, request, response) : next()));
  return { router, close: () => events.close() };
}

async function home(deps: ConsoleDeps, assets: Assets, request: Request, response: Response): Promise<void> {
  const visitor = visitorOf(request, deps.locale);
  const [health, open] = await Promise.all([
    deps.console.health(visitor.locale),
    deps.console.incidents('unresolved', LISTED),
  ]);
  const main = homeHtml(health, open, visitor, timesFor(visitor.locale, deps.timezone), open.length === LISTED);
  send(assets, response, 200, { visitor, title: visitor.texts.home, here: '/', main });
}

async function list(deps: ConsoleDeps, assets: Assets, request: Request, response: Response): Promise<void> {
  const visitor = visitorOf(request, deps.locale);
  const incidents = await deps.console.incidents('all', LISTED);
  const main = incidentsHtml(incidents, visitor, timesFor(visitor.locale, deps.timezone));
  send(assets, response, 200, { visitor, title: visitor.texts.incidents, here: '/incidents', main });
}

async function one(deps: ConsoleDeps, assets: Assets, request: Request, response: Response): Promise<void> {
  const visitor = visitorOf(request, deps.locale);
  const found = await deps.console.incident(String(request.params['id']), visitor.locale);
  if (found === undefined) return missing(deps, assets, request, response);
  const { locale } = visitor;
  const context = { locale, timezone: deps.timezone, publicUrl: deps.publicUrl };
  const main = incidentHtml(found, visitor, context, timesFor(locale, deps.timezone));
  send(assets, response, 200, { visitor, title: found.incident.id, here: '/incidents', main });
}

function missing({ locale }: ConsoleDeps, assets: Assets, request: Request, response: Response): void {
  const visitor = visitorOf(request, locale);
  send(assets, response, 404, { visitor, title: visitor.texts.notFound, here: '', main: notFoundHtml(visitor) });
}

interface Page {
  readonly visitor: Visitor;
  readonly title: string;
  readonly here: string;
  readonly main: Html;
}

function send(assets: Assets, response: Response, status: number, { visitor, title, here, main }: Page): void {
  const body = consoleBody(visitor, here, main);
  sendPage(response, status, { visitor, title, kind: 'console', scripts: ['console.js'], body, assets });
}
