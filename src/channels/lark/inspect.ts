import { z } from 'zod';
import { PlatformUnavailable } from '../../errors.ts';
import { openDomain } from './domain.ts';
import { createHttp } from './http.ts';
import { createMask } from './redact.ts';
import { type LarkClientDeps, loadSdk, openLarkClient } from './sdk.ts';

/** What the platform says about the bot itself. */
export interface BotState {
  readonly openId: string;
  readonly name: string;
  /** `activate_status`: 2 means in use; none when the platform did not say. */
  readonly status?: number;
}

/** What stands at the door of the long connection; `code` 0 is an open one. */
export interface Door {
  readonly status: number;
  readonly code?: number;
  readonly told: string;
}

/**
 * What is asked to find out what is wrong: each call once, nothing repeated, nothing translated. Rejects with
 * `LarkRefusal` (the platform's own code) and `PlatformUnavailable`, neither of which holds a secret.
 */
export interface Inspection {
  /** Resolves when the platform gives a token for the app's id and secret. */
  token(signal: AbortSignal): Promise<void>;
  bot(signal: AbortSignal): Promise<BotState>;
  /** Scope → whether the tenant granted it; one that is not in it was never asked for. */
  scopes(signal: AbortSignal): Promise<ReadonlyMap<string, boolean>>;
  /** Asks for the address of a long connection and opens none, so nobody's events go astray. */
  door(signal: AbortSignal): Promise<Door>;
}

export async function openInspection(deps: LarkClientDeps): Promise<Inspection> {
  const client = await openLarkClient(deps);
  const get = (path: string, signal: AbortSignal): Promise<object> => client.request({ method: 'GET', path }, signal);
  return {
    token: (signal) => unlessAborted(client.tokens.current(), signal),
    bot: async (signal) => Bot.parse(await get('/open-apis/bot/v3/info', signal)),
    scopes: async (signal) => Scopes.parse(await get('/open-apis/application/v6/scopes', signal)),
    door: (signal) => knock(deps, signal),
  };
}

/** A request for a token has a deadline and no signal of its own: it is left behind. */
async function unlessAborted(work: Promise<unknown>, signal: AbortSignal): Promise<void> {
  const { promise, reject } = Promise.withResolvers<never>();
  const abort = (): void => reject(new PlatformUnavailable('lark gave no access token in time', false));
  signal.addEventListener('abort', abort, { once: true });
  try {
    await Promise.race([work, promise]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

const Bot = z
  .object({
    bot: z.object({
      open_id: z.string().min(1),
      app_name: z.string().default(''),
      activate_status: z.number().optional(),
    }),
  })
  .transform(({ bot }): BotState => ({
    openId: bot.open_id,
    name: bot.app_name,
    ...(bot.activate_status !== undefined && { status: bot.activate_status }),
  }));

/** Platform fact (application-v6/scope/list): 1 is granted, 2 is not. */
const Scopes = z
  .object({
    data: z.object({ scopes: z.array(z.object({ scope_name: z.string(), grant_status: z.number() })).nullish() }),
  })
  .transform(({ data }) => new Map(data.scopes?.map((one) => [one.scope_name, one.grant_status === 1] as const)));

const Answered = z.object({ code: z.number().optional(), msg: z.string().optional() }).catch({});

/** The first step that the platform's own client takes as well (node-sdk 1.74.0, `pullConnectConfig`). */
async function knock(deps: LarkClientDeps, signal: AbortSignal): Promise<Door> {
  const domain = openDomain(deps.domain);
  const mask = createMask([deps.appSecret]);
  const read = ({ status, data }: { readonly status: number; readonly data: unknown }): Door => {
    const { code, msg = '' } = Answered.parse(data);
    return { status, told: mask(msg), ...(code !== undefined && { code }) };
  };
  const http = createHttp(await loadSdk(), { domain, read });
  // The SDK's types leave `signal` out of what its client takes.
  const request = {
    method: 'POST',
    url: `${domain}/callback/ws/endpoint`,
    data: { AppID: deps.appId, AppSecret: deps.appSecret },
    headers: { locale: 'zh' },
    timeout: deps.fetchTimeoutMs,
    signal,
  };
  return http.request<unknown, Door>(request);
}
