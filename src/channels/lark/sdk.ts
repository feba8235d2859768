import { createRequire } from 'node:module';
import type { Cache, Client, EventDispatcher, WSConnectionStatus } from '@larksuiteoapi/node-sdk';
import { PlatformUnavailable } from '../../errors.ts';
import type { Log } from '../../telemetry/log.ts';
import type { Clock } from '../../types.ts';
import { openDomain } from './domain.ts';
import { createHttp } from './http.ts';
import { createMask, createSdkLogger } from './redact.ts';
import { type Tokens, createTokens } from './token.ts';
import { type WireAnswer, bodyOf } from './wire.ts';

/** Whose calls these are. */
export interface LarkApp {
  /** `cli_` and 16 hexadecimal digits. */
  readonly appId: string;
  readonly appSecret: string;
  /** `feishu`, `lark` or a base address. */
  readonly domain: string;
}

export interface LarkRequest {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  /** From `/open-apis/` on, with every id encoded. */
  readonly path: string;
  readonly params?: Readonly<Record<string, string | number>>;
  readonly data?: Readonly<Record<string, unknown>>;
}

/** The platform's REST interface through its own client. */
export interface LarkClient {
  readonly tokens: Tokens;
  /** One request, never repeated. Throws `LarkRefusal` and `PlatformUnavailable`, neither of which holds a secret. */
  request(request: LarkRequest, signal: AbortSignal): Promise<object>;
}

export interface LarkClientDeps extends LarkApp {
  readonly log: Log;
  readonly clock: Clock;
  /** Longest wait for an answer, ms. */
  readonly fetchTimeoutMs: number;
  /** Told of each request to `/open-apis/` before it leaves, those for a token as well. */
  readonly onRequest?: () => void;
}

export type Sdk = typeof import('@larksuiteoapi/node-sdk');

/**
 * 142 ms and 40 MB: loaded when somebody has configured an app, not before. By `require`, since `import` reads a CommonJS
 * module twice and keeps both texts: 18 MB more for this one.
 */
export const loadSdk = async (): Promise<Sdk> => createRequire(import.meta.url)('@larksuiteoapi/node-sdk') as Sdk; // oxlint-disable-line typescript/no-unsafe-type-assertion -- what `require` gives has no type; the package says which

/** Loads the SDK and makes a client of it that shares nothing with others in the process. */
export async function openLarkClient(deps: LarkClientDeps): Promise<LarkClient> {
  const sdk = await loadSdk();
  const mask = createMask([deps.appSecret]);
  const domain = openDomain(deps.domain);
  const { onRequest } = deps;
  const http = createHttp(sdk, {
    domain,
    read: (answer) => bodyOf(answer, mask),
    ...(onRequest && { onRequest }),
  });
  const { appId, appSecret } = deps;
  const tokens = createTokens({
    clock: deps.clock,
    ask: () =>
      http.post<unknown, unknown>(
        `${domain}/open-apis/auth/v3/tenant_access_token/internal`,
        { app_id: appId, app_secret: appSecret },
        { timeout: deps.fetchTimeoutMs },
      ),
  });
  const client = new sdk.Client({
    appId,
    appSecret,
    domain,
    httpInstance: http,
    cache: cacheOf(sdk, tokens),
    logger: createSdkLogger(deps.log, mask),
    loggerLevel: sdk.LoggerLevel.warn,
  });
  return { tokens, request: (request, signal) => send(client, request, signal, deps.fetchTimeoutMs) };
}

function send(
  client: Client,
  { method, path, params, data }: LarkRequest,
  signal: AbortSignal,
  timeoutMs: number,
): Promise<object> {
  return client.request<object>({
    method,
    url: path,
    ...(params && { params }),
    ...(data && { data }),
    signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
  });
}

/** The SDK looks into this before it would ask for a token by itself. */
const cacheOf = (sdk: Sdk, tokens: Tokens): Cache => ({
  get: (key) => (key === sdk.CTenantAccessToken ? tokens.current() : Promise.resolve(undefined)),
  set: () => Promise.resolve(true),
});

export interface LarkSocketDeps extends LarkApp {
  readonly log: Log;
  /**
   * Takes an event's or a callback's envelope as the platform sent it; what it resolves to is the answer of a card
   * callback, which must never be empty. A throw makes the platform send the event again. The platform waits 3 s.
   */
  readonly dispatch: (payload: unknown) => Promise<unknown>;
  readonly onReady?: () => void;
  /** The SDK has given up and will not try again by itself. */
  readonly onError?: (error: Error) => void;
  readonly onReconnecting?: () => void;
  readonly onReconnected?: () => void;
}

export interface LarkSocket {
  /** `connected` is the only state in which events arrive. */
  state(): WSConnectionStatus['state'];
  /** At once; nothing is reconnected. Another may be opened only after this. */
  close(): void;
}

/** Longest wait for the handshake; endless in the SDK by default. */
const HANDSHAKE_MS = 10_000;
/** No frame for this long after a ping means that the connection is dead; off in the SDK by default. */
const PING_TIMEOUT_SECONDS = 45;

/** The platform refuses nothing else silently: the SDK only logs and returns (`start`, 1.74.0). */
const APP_ID = /^cli_[0-9a-fA-F]{16}$/u;

/**
 * Opens the long connection; resolves before it is connected. Throws `PlatformUnavailable` when the app's id has not
 * the form that the SDK insists on.
 */
export async function openSocket(deps: LarkSocketDeps): Promise<LarkSocket> {
  if (!APP_ID.test(deps.appId))
    throw new PlatformUnavailable(`LARK_APP_ID "${deps.appId}" is no app id: cli_ and 16 hexadecimal digits`, false);
  const sdk = await loadSdk();
  const domain = openDomain(deps.domain);
  const { appId, appSecret, onReady, onError, onReconnecting, onReconnected } = deps;
  const client = new sdk.WSClient({
    appId,
    appSecret,
    domain,
    httpInstance: createHttp(sdk, { domain, read: endpointBody }),
    logger: createSdkLogger(deps.log, createMask([appSecret])),
    loggerLevel: sdk.LoggerLevel.warn,
    handshakeTimeoutMs: HANDSHAKE_MS,
    wsConfig: { pingTimeout: PING_TIMEOUT_SECONDS },
    ...(onReady && { onReady }),
    ...(onError && { onError }),
    ...(onReconnecting && { onReconnecting }),
    ...(onReconnected && { onReconnected }),
  });
  takeCardFrames(client);
  // Only `invoke` is called, and we want the envelope as it came: the SDK's dispatcher flattens it and loses its token.
  const eventDispatcher = { invoke: deps.dispatch } as unknown as EventDispatcher; // oxlint-disable-line typescript/no-unsafe-type-assertion -- see above
  await client.start({ eventDispatcher });
  return { state: () => client.getConnectionStatus().state, close: () => client.close({ force: true }) };
}

/**
 * The SDK tells a fatal code from a passing fault by the body, so here the platform's codes pass; HTTP errors throw
 * (both forms occur). It logs a thrown error by its message alone.
 */
function endpointBody({ status, data }: WireAnswer): unknown {
  if (status < 400) return data;
  throw new PlatformUnavailable(`lark answered HTTP ${status} at the door of the long connection`, false);
}

interface Frame {
  readonly headers: readonly { readonly key: string; readonly value: string }[];
}

/**
 * The SDK drops frames of type `card` without an answer. Whether callbacks still come as such is unverified (new ones
 * were seen as `event`), so both are taken, by the one method through which all frames go.
 */
function takeCardFrames(client: InstanceType<Sdk['WSClient']>): void {
  const handle: unknown = client['handleEventData'];
  if (typeof handle !== 'function') return;
  client['handleEventData'] = (frame: Frame): unknown => handle.call(client, asEvent(frame));
}

const asEvent = (frame: Frame): Frame => ({
  ...frame,
  headers: frame.headers.map((header) =>
    header.key === 'type' && header.value === 'card' ? { ...header, value: 'event' } : header,
  ),
});
