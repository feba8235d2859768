import { InvalidConfig } from '../../errors.ts';
import { SourceFailed, type SourceFault } from './failure.ts';
import { type Answer, type Asked, faultOfAnswer, faultOfNetwork, readBounded } from './http-answer.ts';

const MAX_BYTES = 4 * 1024 * 1024;

export type Query = Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;

export interface ReaderOptions {
  /** As evidence names it: `prometheus`. */
  readonly name: string;
  /** The configured address, http(s); a path in it is kept, `user:password@` becomes basic authentication. */
  readonly base: string;
  /** Credentials go here; they stand in no message. */
  readonly headers?: Headers;
  /** Credentials that change while we run, besides. */
  readonly rotating?: RotatingHeaders;
  /** A certificate authority of one's own comes with it. */
  readonly fetch: typeof fetch;
  /** Of one question, ms. */
  readonly timeoutMs: number;
  /** Of one answer; 4 MiB when absent. */
  readonly maxBytes?: number;
  /** The variables that messages name; `<NAME>_URL` and `<NAME>_HEADERS` when absent. */
  readonly settings?: { readonly url: string; readonly credentials: string };
}

export type Headers = Readonly<Record<string, string>>;

export interface RotatingHeaders {
  /** As they are to be sent now. */
  current(): Promise<Headers>;
  /** The same, looked up at once: the present ones were refused. */
  anew(): Promise<Headers>;
}

export interface Reader {
  /**
   * Asks for JSON. `path` are segments, encoded here.
   * Rejects with `SourceFailed` and nothing else.
   */
  get(path: readonly string[], query: Query, signal: AbortSignal): Promise<unknown>;
  /** The same with a body, a form or JSON; for questions that change nothing. */
  post(path: readonly string[], body: Body, signal: AbortSignal): Promise<unknown>;
  /** Asks for text; of what is longer than `maxBytes` the beginning, `cut`. */
  text(path: readonly string[], query: Query, signal: AbortSignal): Promise<{ text: string; cut: boolean }>;
  /** A link for people to the configured place, without credentials. */
  link(path: readonly string[], query?: Query, hash?: string): string;
}

export interface Body {
  readonly query?: Query;
  readonly form?: Query;
  readonly json?: unknown;
}

/**
 * Reads from one configured address and nowhere else: no part of a question can name another one, redirects are
 * refused, answers are bounded in size and time. Throws `InvalidConfig` when `base` is no http(s) address.
 */
export function createReader(options: ReaderOptions): Reader {
  const place = placeOf(options);
  const json = async (path: readonly string[], query: Query, signal: AbortSignal, init: RequestInit = {}) => {
    const { text, cut } = await ask(options, place, urlOf(options, place, path, query), signal, init);
    if (cut) throw failed(options, { kind: 'too_large', limitBytes: options.maxBytes ?? MAX_BYTES });
    return parse(options, text);
  };
  return {
    get: json,
    post: (path, { query = {}, form, json: value }, signal) =>
      json(path, query, signal, { method: 'POST', ...(form === undefined ? jsonBody(value) : formBody(form)) }),
    text: async (path, query, signal) => ask(options, place, urlOf(options, place, path, query), signal),
    link: (path, query = {}, hash = '') => `${urlOf(options, place, path, query).href}${hash}`,
  };
}

interface Place extends Asked {
  /** Without credentials, without a slash at its end. */
  readonly base: URL;
}

function placeOf({ name, base, headers = {}, settings }: ReaderOptions): Place {
  const upper = name.toUpperCase().replaceAll(/[^A-Z0-9]+/g, '_');
  const named = settings ?? { url: `${upper}_URL`, credentials: `${upper}_HEADERS` };
  const url = URL.parse(base);
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw new InvalidConfig(`${named.url} must be an address that begins with http:// or https://`);
  }
  const basic = url.username + url.password === '' ? {} : { authorization: basicOf(url) };
  const bare = new URL(url.pathname.replace(/\/+$/, ''), url.origin);
  return { base: bare, headers: { accept: 'application/json', ...basic, ...lowerCased(headers) }, settings: named };
}

/** Names of headers have no case: a given `Authorization` takes the place of the address's own. */
const lowerCased = (headers: Headers): Headers =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));

const basicOf = ({ username, password }: URL): string =>
  `Basic ${Buffer.from(`${decoded(username)}:${decoded(password)}`).toString('base64')}`;

/** A lone `%` in a password stands for itself. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** Segments that a parser of addresses would fold away are refused: they would leave the configured path. */
function urlOf(options: ReaderOptions, { base }: Place, path: readonly string[], query: Query): URL {
  if (path.some((segment) => /^\.{0,2}$/.test(segment) || !segment.isWellFormed())) {
    throw failed(options, { kind: 'unaskable' });
  }
  const url = new URL(base);
  const before = base.pathname === '/' ? '' : base.pathname;
  if (path.length > 0) url.pathname = `${before}/${path.map(encodeURIComponent).join('/')}`;
  url.search = paramsOf(query).toString();
  return url;
}

function paramsOf(query: Query): URLSearchParams {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value === undefined) continue;
    for (const one of Array.isArray(value) ? value : [value]) params.append(name, String(one));
  }
  return params;
}

const formBody = (form: Query): RequestInit => ({ body: paramsOf(form) });

const jsonBody = (value: unknown): RequestInit =>
  value === undefined ? {} : { body: JSON.stringify(value), headers: { 'content-type': 'application/json' } };

async function ask(
  options: ReaderOptions,
  place: Place,
  url: URL,
  signal: AbortSignal,
  init: RequestInit = {},
): Promise<Answer> {
  const { rotating } = options;
  if (rotating === undefined) return askOnce(options, place, url, signal, init);
  const sent = await rotating.current();
  try {
    return await askOnce(options, withHeaders(place, sent), url, signal, init);
  } catch (error) {
    if (!isUnauthorized(error)) throw error;
    const anew = await rotating.anew();
    if (Object.entries(anew).every(([name, value]) => sent[name] === value)) throw error;
    return askOnce(options, withHeaders(place, anew), url, signal, init);
  }
}

const withHeaders = (place: Place, headers: Headers): Place => ({
  ...place,
  headers: { ...place.headers, ...lowerCased(headers) },
});

const isUnauthorized = (error: unknown): boolean =>
  error instanceof SourceFailed && error.fault.kind === 'refused' && error.fault.status === 401;

async function askOnce(
  options: ReaderOptions,
  place: Place,
  url: URL,
  signal: AbortSignal,
  init: RequestInit,
): Promise<Answer> {
  const deadline = AbortSignal.timeout(options.timeoutMs);
  const both = AbortSignal.any([signal, deadline]);
  try {
    both.throwIfAborted();
    const headers = { ...Object.fromEntries(new globalThis.Headers(init.headers)), ...place.headers };
    const response = await options.fetch(url, { ...init, headers, redirect: 'error', signal: both });
    const answer = await readBounded(response, options.maxBytes ?? MAX_BYTES);
    const fault = faultOfAnswer(response, answer.text, place);
    if (fault !== undefined) throw failed(options, fault);
    return answer;
  } catch (error) {
    if (error instanceof SourceFailed) throw error;
    if (signal.aborted) throw failed(options, { kind: 'aborted' }, error);
    if (deadline.aborted) throw failed(options, { kind: 'timeout', afterMs: options.timeoutMs }, error);
    throw failed(options, faultOfNetwork(error, place.settings.url), error);
  }
}

function parse(options: ReaderOptions, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw failed(options, { kind: 'unreadable' }, error);
  }
}

const failed = ({ name }: ReaderOptions, fault: SourceFault, cause?: unknown): SourceFailed =>
  new SourceFailed(name, fault, cause === undefined ? undefined : { cause });
