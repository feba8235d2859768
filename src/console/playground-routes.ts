import { type Request, type Response, Router } from 'express';
import { z } from 'zod';
import type { Locale } from '../types.ts';
import type { Assets } from './assets.ts';
import { cardHtml } from './card-html.ts';
import { html, markup } from './html.ts';
import { jsonBody } from './json-body.ts';
import { secure, sendFragment, sendPage } from './layout.ts';
import { type Reader, threadHtml, versionOf } from './message-html.ts';
import { playgroundBody } from './playground-page.ts';
import type { PlaygroundPort } from './ports.ts';
import { sameOrigin } from './same-origin.ts';
import { timesFor } from './times.ts';
import { type Visitor, personOf, queryOf, visitorOf } from './visitor.ts';

export interface PlaygroundRoutesDeps {
  readonly playground: PlaygroundPort;
  readonly assets: Assets;
  readonly publicUrl: string;
  readonly locale: Locale;
  readonly timezone: string;
}

/** Threads a page holds, and further ones it fetches at a time. */
const THREADS = 50;

const Said = z.object({
  room: z.string().max(64),
  text: z.string().trim().min(1).max(4000),
  key: z.string().min(8).max(64),
  replyTo: z.string().max(64).optional(),
});
const Pressed = z.object({
  message: z.string().max(64),
  key: z.string().min(8).max(64),
  value: z.unknown(),
  form: z.record(z.string().max(64), z.string().max(4000)).default({}),
});

/** The chat's page and what its script asks for. Who may come in is the mount's business. */
export function createPlaygroundRoutes(deps: PlaygroundRoutesDeps): Router {
  const router = Router();
  const safe = [sameOrigin(deps.publicUrl), jsonBody({ limit: '64kb' })];
  router.get('/playground', (request, response) => page(deps, request, response));
  router.get('/playground/rooms/:room/threads', (request, response) => threads(deps, request, response));
  router.get('/playground/rooms/:room/versions', (request, response) => versions(deps, request, response));
  router.get('/playground/messages/:id', (request, response) => showMessage(deps, request, response));
  router.post('/playground/messages', safe, (request: Request, response: Response) => say(deps, request, response));
  router.post('/playground/presses', safe, (request: Request, response: Response) => press(deps, request, response));
  return router;
}

async function page(deps: PlaygroundRoutesDeps, request: Request, response: Response): Promise<void> {
  const { playground, assets, publicUrl } = deps;
  const { visitor, reader } = readerOf(deps, request);
  const rooms = await playground.rooms();
  const wanted = queryOf(request, 'room');
  const room = rooms.find((name) => name === wanted) ?? rooms[0] ?? 'lobby';
  const found = await playground.threads(room, THREADS);
  const commands = playground.commands(visitor.locale);
  const more = found.length === THREADS;
  const people = playground.people;
  const body = playgroundBody({ visitor, reader, people, rooms, room, threads: found, more, commands, publicUrl });
  sendPage(response, 200, { visitor, title: room, kind: 'chat', scripts: ['chat.js'], body, assets });
}

/** Threads older than `before`, for a reader who scrolls up. */
async function threads(deps: PlaygroundRoutesDeps, request: Request, response: Response): Promise<void> {
  const { reader } = readerOf(deps, request);
  const found = await deps.playground.threads(roomOf(request), THREADS, queryOf(request, 'before'));
  sendFragment(response, html`${found.map((thread) => threadHtml(thread, reader))}`);
}

/** What a browser compares itself with after it may have missed events. */
async function versions(deps: PlaygroundRoutesDeps, request: Request, response: Response): Promise<void> {
  const found = await deps.playground.threads(roomOf(request), THREADS);
  secure(response).json(found.map((thread) => ({ message: thread.root.id, version: versionOf(thread) })));
}

async function showMessage(deps: PlaygroundRoutesDeps, request: Request, response: Response): Promise<void> {
  const thread = await deps.playground.thread(String(request.params['id']));
  if (thread === undefined) return refuse(response, 404, 'there is no such message');
  sendFragment(response, threadHtml(thread, readerOf(deps, request).reader));
}

async function say(deps: PlaygroundRoutesDeps, request: Request, response: Response): Promise<void> {
  const said = Said.safeParse(request.body);
  if (!said.success) return refuse(response, 400, z.prettifyError(said.error));
  const { room, text, key, replyTo } = said.data;
  if (!(await deps.playground.rooms()).includes(room)) return refuse(response, 404, `there is no room "${room}"`);
  const { visitor, reader } = readerOf(deps, request);
  const thread = replyTo !== undefined && { replyTo };
  const { locale } = visitor;
  const id = await deps.playground.say({ person: reader.person, room, text, key, locale, ...thread });
  secure(response).status(201).json({ message: id });
}

async function press(deps: PlaygroundRoutesDeps, request: Request, response: Response): Promise<void> {
  const pressed = Pressed.safeParse(request.body);
  if (!pressed.success) return refuse(response, 400, z.prettifyError(pressed.error));
  const { visitor, reader } = readerOf(deps, request);
  const { person, texts } = reader;
  const answer = await deps.playground.press({ ...pressed.data, person, locale: visitor.locale });
  if (answer === undefined) return refuse(response, 404, 'there is no such message');
  const card = answer.card && markup(cardHtml(answer.card, texts));
  secure(response).json({ toast: answer.toast, ...(card !== undefined && { card }) });
}

function readerOf(deps: PlaygroundRoutesDeps, request: Request): { visitor: Visitor; reader: Reader } {
  const visitor = visitorOf(request, deps.locale);
  const person = personOf(request, deps.playground.people);
  if (person === undefined) throw new Error('the playground has no people');
  return { visitor, reader: { person, texts: visitor.texts, times: timesFor(visitor.locale, deps.timezone) } };
}

const roomOf = (request: Request): string => String(request.params['room']);

const refuse = (response: Response, code: number, message: string): void =>
  void secure(response).status(code).json({ code, message, data: {}, timestamp: new Date().toISOString() });
