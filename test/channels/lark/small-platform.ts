import { type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  readonly body: Record<string, unknown>;
}

export interface Answer {
  readonly status?: number;
  readonly headers?: Record<string, string>;
  readonly body: unknown;
}

/** What comes instead of an answer. */
type Fault = 'hang' | 'reset';
type Answering = (asked: Asked) => Answer | Fault | undefined;

/**
 * The few calls of the platform that the outgoing side makes, answered as the reference says; a test puts its own answer
 * in front of them. Its token is `t-secret<n>`.
 */
export async function openSmallPlatform() {
  const asked: Asked[] = [];
  const messages = new Map<string, { ref: string; threadOf?: string; content: string; uuid: string }>();
  let first: Answering = () => undefined;
  let tokens = 0;

  const post = (uuid: string, content: string, threadOf?: string): Answer => {
    const known = [...messages.values()].find((message) => message.uuid === uuid);
    const ref = known?.ref ?? `om_${messages.size + 1}`;
    if (known === undefined) messages.set(ref, { ref, content, uuid, ...(threadOf !== undefined && { threadOf }) });
    return ok({ message_id: ref, chat_id: 'oc_room' });
  };
  const answer = ({ method, path, query, body }: Asked): Answer => {
    const [, ref = '', verb] = /^\/open-apis\/im\/v1\/messages\/([^/]+)(?:\/(.*))?$/u.exec(path) ?? [];
    if (path.endsWith('/tenant_access_token/internal'))
      return { body: { code: 0, msg: 'ok', tenant_access_token: `t-secret${++tokens}aaaa`, expire: 7200 } };
    if (path === '/open-apis/im/v1/messages') {
      const known = body['receive_id'] === (query.get('receive_id_type') === 'chat_id' ? 'oc_room' : 'ou_anna');
      return known
        ? post(String(body['uuid']), String(body['content']))
        : no(230002, 'The bot can not be outside the group.');
    }
    if (path === '/open-apis/bot/v3/info')
      return { body: { code: 0, msg: 'ok', bot: { open_id: 'ou_bot', app_name: 'Zhiban' } } };
    const message = messages.get(ref);
    if (message === undefined) return no(230011, 'The message was recalled.');
    if (method === 'PATCH' && verb === undefined) messages.set(ref, { ...message, content: String(body['content']) });
    return verb === 'reply' ? post(String(body['uuid']), String(body['content']), ref) : ok({});
  };

  const server = createServer((request, response) => void serve(request, response));
  const serve = async (request: IncomingMessage, response: ServerResponse) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const url = new URL(request.url ?? '/', 'http://platform');
    const text = Buffer.concat(chunks).toString();
    const one: Asked = {
      method: request.method ?? '',
      path: url.pathname,
      query: url.searchParams,
      headers: request.headers,
      body: text === '' ? {} : (JSON.parse(text) as Record<string, unknown>),
    };
    asked.push(one);
    const given = first(one) ?? answer(one);
    if (given === 'reset') answer(one);
    if (given === 'reset') response.destroy();
    if (typeof given === 'string') return;
    response.writeHead(given.status ?? 200, { 'content-type': 'application/json', ...given.headers });
    response.end(typeof given.body === 'string' ? given.body : JSON.stringify(given.body));
  };
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    asked,
    /** Requests whose path ends so. */
    askedFor: (end: string) => asked.filter(({ path }) => path.endsWith(end)),
    posted: () => [...messages.values()],
    /** Put in front of the usual answers; undefined leaves it to them. */
    answerWith: (answering: Answering) => {
      first = answering;
    },
    /** These answers to the next requests of this path's end, one each, then the usual ones. */
    answerNext: (end: string, ...answers: readonly (Answer | Fault)[]) => {
      const left = [...answers];
      first = ({ path }) => (path.endsWith(end) ? left.shift() : undefined);
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => void server.close(resolve));
    },
  };
}

export type SmallPlatform = Awaited<ReturnType<typeof openSmallPlatform>>;

export const ok = (data: object): Answer => ({ body: { code: 0, msg: 'success', data } });

/** The platform's refusal; most come with HTTP 400, some with 200. */
export const no = (code: number, msg: string, status = 400, headers: Record<string, string> = {}): Answer => ({
  status,
  headers: { 'x-tt-logid': 'log-1', ...headers },
  body: { code, msg, error: { log_id: 'log-1' } },
});
