import type { Channel, Receive } from '../channels/channel.ts';
import type { Allowance } from '../channels/lark/allowance.ts';
import { type LarkApi, createLarkApi } from '../channels/lark/api.ts';
import { larkCard } from '../channels/lark/card/lark-card.ts';
import { withFallback } from '../channels/lark/fallback.ts';
import { createLarkHook } from '../channels/lark/hook.ts';
import { createIdentity } from '../channels/lark/identity.ts';
import { createLarkInbound } from '../channels/lark/inbound/inbound.ts';
import { larkRouter } from '../channels/lark/inbound/router.ts';
import { type SupervisedSocket, superviseSocket } from '../channels/lark/inbound/socket.ts';
import { createLark } from '../channels/lark/lark.ts';
import { createMembers } from '../channels/lark/members.ts';
import type { CallMeter } from '../channels/lark/meter.ts';
import type { RenderCard } from '../channels/lark/ports.ts';
import { type LarkApp, openSocket } from '../channels/lark/sdk.ts';
import type { Config } from '../config.ts';
import { backoffMs } from '../delivery/backoff.ts';
import type { Mount } from '../http/ports.ts';
import { type Service, background } from '../lifecycle.ts';
import type { Operators } from '../operations/ports.ts';
import { readFact, writeFact } from '../store/facts.ts';
import { createPlaces } from '../store/places.ts';
import { createTargetSecrets } from '../store/target-secrets.ts';
import type { Log } from '../telemetry/log.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import type { Edges } from '../types.ts';
import { createLarkCalls } from './lark-calls.ts';
import { createLarkChats } from './lark-chats.ts';
import { createOwnAlerts } from './own-alerts.ts';
import type { Storage } from './storage.ts';

export interface LarkDeps {
  readonly config: Config;
  readonly edges: Edges;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly storage: Storage;
}

/** The Lark app of the configuration. */
export interface LarkSide {
  readonly channel: Channel;
  readonly meter: CallMeter;
  /** Its way in, once there is somebody who listens. */
  listen(receive: Receive, operators: Pick<Operators, 'byExternalId'>): LarkEars;
}

/** How Lark reaches us. */
export interface LarkEars {
  readonly mounts: readonly Mount[];
  readonly services: readonly Service[];
  /** `undefined` while all is well. */
  health(): LarkHealth;
}

export interface LarkHealth {
  /** Whether the platform has told who we are. */
  readonly known: boolean;
  /** Why it does not. */
  readonly fault?: string;
  /** The month's API calls are used up until then, epoch ms. */
  readonly spentUntil?: number;
  /** The long connection, where that is the way; `since`: without it, epoch ms. */
  readonly socket?: { readonly connected: boolean; readonly since?: number };
}

/** Longest wait for an answer of the platform; a call's own deadline is shorter. */
const FETCH_TIMEOUT_MS = 15_000;

/** Nothing without `LARK_APP_ID`; the platform's client is loaded by the first call. */
export function createLarkSide(deps: LarkDeps): LarkSide | undefined {
  const { config, edges, log, storage } = deps;
  const { LARK_APP_ID: appId, LARK_APP_SECRET: appSecret } = config;
  if (appId === undefined || appSecret === undefined) return undefined;
  const app: LarkApp = { appId, appSecret, domain: config.LARK_DOMAIN };
  const { clock, random } = edges;
  const { allowance, meter } = createLarkCalls({ ...deps, appId });
  const api = createLarkApi({ ...app, clock, random, log, meter, allowance, fetchTimeoutMs: FETCH_TIMEOUT_MS });
  const render = rendererOf(config);
  const thrifty = (): boolean => meter.standing() !== 'plenty';
  const secrets = createTargetSecrets(storage.database, storage.sealer);
  const channel = withFallback({
    lark: createLark({ appId, api, larkCard: render, clock, log, thrifty }),
    botsWith: (secret) =>
      createLarkHook({ ...edges, larkCard: render, secretOf: async () => secret, domain: config.LARK_DOMAIN }),
    fallbackOf: (address) => secrets.fallbackOf('lark', address),
    spent: () => allowance.spentUntil() !== undefined,
    log,
  });
  return {
    channel,
    meter,
    listen: (receive, operators) => listen(deps, { app, api, thrifty, allowance, receive, operators }),
  };
}

/** The neutral card in the platform's form. */
export const rendererOf =
  ({ TIMEZONE, PUBLIC_URL }: Config): RenderCard =>
  (card, way) =>
    larkCard(card, { ...way, timezone: TIMEZONE, publicUrl: PUBLIC_URL });

interface Heard {
  readonly app: LarkApp;
  readonly api: LarkApi;
  /** Whether calls are scarce. */
  readonly thrifty: () => boolean;
  readonly allowance: Allowance;
  readonly receive: Receive;
  readonly operators: Pick<Operators, 'byExternalId'>;
}

function listen(deps: LarkDeps, { app, api, thrifty, allowance, receive, operators }: Heard): LarkEars {
  const { config, edges, log, metrics, storage } = deps;
  const { clock } = edges;
  const own = createOwnAlerts({ accept: storage.committer.accept, clock, log, locale: config.LOCALE });
  const chats = createLarkChats({
    storage,
    clock,
    locale: config.LOCALE,
    timezone: config.TIMEZONE,
    publicUrl: config.PUBLIC_URL,
    alive: own.channelUp,
  });
  const fact = `lark_bot:${app.appId}`;
  const identity = createIdentity({
    api,
    memory: {
      read: () => readFact({ db: storage.database.reader, engine: storage.database.engine }, fact),
      write: (text) => storage.committer.write('job', (trx) => writeFact(trx, fact, text)),
    },
    found: chats.found,
    pauseMs: (attempts) => backoffMs(attempts, edges.random),
    log,
  });
  const members = createMembers({ api, clock });
  const render = rendererOf(config);
  const inbound = createLarkInbound({
    appId: app.appId,
    encryptKey: config.LARK_ENCRYPT_KEY,
    verificationToken: config.LARK_VERIFICATION_TOKEN,
    receive,
    bot: identity.bot,
    places: createPlaces(storage.database, 'lark'),
    chats,
    nameOf: async (openId, chat) =>
      (await operators.byExternalId(`lark:${openId}`))?.name ??
      // A list of members is a call; where calls are scarce the id stands in for the name.
      (thrifty() ? undefined : await members(openId, chat)),
    alertBotIds: config.ALERT_BOT_IDS,
    reactions: config.LARK_REACTIONS,
    clickAnswer: config.LARK_CLICK_ANSWER,
    renderCard: (card) => render(card, { locale: config.LOCALE }),
    locale: config.LOCALE,
    clock,
    log,
    metrics,
  });
  const served = config.LARK_ENCRYPT_KEY !== undefined || config.LARK_VERIFICATION_TOKEN !== undefined;
  const mounts: readonly Mount[] = served ? [{ path: '/lark', guard: 'own', handler: larkRouter(inbound) }] : [];
  const hello = background('lark', identity.run);
  const month = background('lark-allowance', allowance.watch);
  const connected = (up: boolean): void => metrics.channelConnected.set({ channel: 'lark' }, up ? 1 : 0);
  const about = (): Omit<LarkHealth, 'socket'> => {
    const [fault, spentUntil] = [identity.fault(), allowance.spentUntil()];
    return {
      known: identity.known(),
      ...(fault !== undefined && { fault }),
      ...(spentUntil !== undefined && { spentUntil }),
    };
  };
  if (config.LARK_MODE === 'webhook') return { mounts, services: [month, hello], health: about };
  const socket = superviseSocket({
    open: (hooks) => openSocket({ ...app, log, dispatch: inbound.fromSocket, ...hooks }),
    connected,
    alarm: (outage) => void own.connectionDown('lark', outage),
    recovered: () => void own.connectionUp('lark'),
    clock,
    random: edges.random,
    log,
  });
  return { mounts, services: [month, hello, socket], health: () => ({ ...about(), socket: stateOf(socket) }) };
}

function stateOf(socket: SupervisedSocket): NonNullable<LarkHealth['socket']> {
  const since = socket.downSince();
  return { connected: since === undefined, ...(since !== undefined && { since }) };
}
