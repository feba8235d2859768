import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { tryParse } from '../lark/answer.ts';
import type { LarkSimulator } from '../lark/simulator.ts';
import { ACTS } from './acts.ts';
import { stringOf } from './html.ts';
import { createLive } from './live.ts';
import { page, type Person, type Scene } from './page.ts';
import { groupsOf, type PlatformState } from './side.ts';
import { WORDS } from './texts.ts';

export interface LarkPageOptions {
  readonly lark: LarkSimulator;
  /** Whom a visitor can be; the first unless the address says otherwise. There must be one, and a group. */
  readonly people: readonly Person[];
  readonly locale: 'zh-CN' | 'en-US';
  readonly timezone?: string;
  /** 0 or absent: any. */
  readonly port?: number;
}

export interface LarkPage {
  readonly url: string;
  close(): Promise<void>;
}

const TYPES: Readonly<Record<string, string>> = { css: 'text/css', js: 'text/javascript', html: 'text/html' };
/** Nothing that a card holds can run or load anything. */
const POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; connect-src 'self'";
const LARGEST = 64 * 1024;

/** A page on loopback that shows a group as the simulated platform holds it, and lets a visitor act in it. */
export async function openLarkPage(options: LarkPageOptions): Promise<LarkPage> {
  const live = createLive();
  const held: { state: PlatformState } = { state: 'none' };
  const server = createServer((request, response) => {
    serve(request, response).catch((error: unknown) => {
      if (!response.headersSent) response.writeHead(400);
      response.end(String(error));
    });
  });

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://page');
    const scene = (): Scene => sceneOf(options, url.searchParams, held.state);
    // A name that was made to lead here (DNS rebinding) is not ours.
    if (!/^(?:127\.0\.0\.1|localhost):\d+$/.test(request.headers.host ?? '')) return void response.writeHead(403).end();
    if (request.method === 'POST') return answer(response, 'json', await act(request, url.pathname, scene()));
    if (url.pathname === '/events') return live.follow(scene, response);
    if (url.pathname === '/') return answer(response, 'html', stringOf(page(scene())));
    const file = /^\/(page\.(css|js))$/.exec(url.pathname);
    if (!file) return void response.writeHead(404).end();
    return answer(response, file[2] ?? '', readFileSync(join(import.meta.dirname, 'public', file[1] ?? ''), 'utf8'));
  }

  async function act(request: IncomingMessage, path: string, { lark, view, chat }: Scene): Promise<string> {
    // A foreign page can post a form here, but not JSON.
    const isJsonBody = request.headers['content-type'] === 'application/json';
    const user = lark.world.users.get(view.me);
    const work = Object.hasOwn(ACTS, path) && isJsonBody ? ACTS[path] : undefined;
    if (!work || !user) throw new Error('no such act');
    const body = tryParse(await read(request));
    return JSON.stringify(await work({ lark, view, chat, user, setState: (state) => (held.state = state) }, body));
  }

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}`,
    close: async () => {
      live.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function sceneOf(options: LarkPageOptions, query: URLSearchParams, state: PlatformState): Scene {
  const { lark, people } = options;
  const groups = groupsOf(lark);
  const chat = groups.find(({ id }) => id === query.get('chat')) ?? groups[0];
  const me = people.find(({ user }) => user.openId === query.get('as')) ?? people[0];
  if (!chat || !me) throw new Error('there must be a person and a group');
  const asked = query.get('lang') ?? options.locale;
  const locale = asked === 'en-US' ? 'en-US' : 'zh-CN';
  return {
    lark,
    chat,
    people,
    state,
    view: {
      world: lark.world,
      me: me.user.openId,
      locale: locale === 'zh-CN' ? 'zh_cn' : 'en_us',
      timezone: options.timezone ?? 'Asia/Shanghai',
      words: WORDS[locale],
      components: [],
    },
  };
}

async function read(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += (chunk as Buffer).length;
    if (bytes > LARGEST) throw new Error('too large');
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function answer(response: ServerResponse, kind: string, body: string): void {
  response.writeHead(200, {
    'content-type': `${TYPES[kind] ?? 'application/json'}; charset=utf-8`,
    'content-security-policy': POLICY,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  });
  response.end(body);
}
