import type { Receive } from '../channels/channel.ts';
import type { Allowance } from '../channels/lark/allowance.ts';
import type { LarkApi } from '../channels/lark/api.ts';
import { createIdentity } from '../channels/lark/identity.ts';
import { createLarkInbound } from '../channels/lark/inbound/inbound.ts';
import type { LarkInboundDeps } from '../channels/lark/inbound/ports.ts';
import { larkRouter } from '../channels/lark/inbound/router.ts';
import { type SupervisedSocket, superviseSocket } from '../channels/lark/inbound/socket.ts';
import { createMembers } from '../channels/lark/members.ts';
import type { RenderCard } from '../channels/lark/ports.ts';
import { type LarkApp, openSocket } from '../channels/lark/sdk.ts';
import { backoffMs } from '../delivery/backoff.ts';
import type { Mount } from '../http/ports.ts';
import { type Service, background } from '../lifecycle.ts';
import type { Operators } from '../operations/operators-port.ts';
import { createPlaces } from '../store/places.ts';
import type { EpochMs } from '../types.ts';
import { createFactMemory } from './fact-memory.ts';
import { createLarkChats } from './lark-chats.ts';
import { createLarkOutage } from './lark-outage.ts';
import type { Ground } from './ground.ts';
import { createOwnAlerts } from './own-alerts.ts';

/** How Lark reaches us. */
export interface LarkEars {
  readonly mounts: readonly Mount[];
  readonly services: readonly Service[];
  /** As of now, without a look into the database. */
  health(): LarkHealth;
}

export interface LarkHealth {
  /** Whether the platform has told who we are. */
  readonly known: boolean;
  /** Why it does not. */
  readonly fault?: string;
  /** The month's API calls are used up until then. */
  readonly spentUntil?: EpochMs;
  /** The long connection, where that is the way; `since`: without it. */
  readonly socket?: { readonly connected: boolean; readonly since?: EpochMs };
}

export interface LarkEarsDeps extends Ground {
  readonly app: LarkApp;
  readonly api: LarkApi;
  readonly render: RenderCard;
  /** Whether calls are scarce. */
  readonly thrifty: () => boolean;
  readonly allowance: Pick<Allowance, 'spentUntil' | 'watch'>;
  readonly receive: Receive;
  readonly operators: Pick<Operators, 'byExternalId'>;
}

/** Nothing is heard before the services start. */
export function createLarkEars(deps: LarkEarsDeps): LarkEars {
  const { config, edges, log, metrics, storage, app, allowance } = deps;
  const { clock, random } = edges;
  const own = createOwnAlerts({ accept: storage.committer.accept, clock, log, locale: config.LOCALE });
  const { LOCALE: locale, TIMEZONE: timezone, PUBLIC_URL: publicUrl } = config;
  const chats = createLarkChats({ storage, clock, locale, timezone, publicUrl, alive: own.channelUp });
  const identity = createIdentity({
    api: deps.api,
    memory: createFactMemory(storage, `lark_bot:${app.appId}`),
    found: chats.found,
    pauseMs: (attempts) => backoffMs(attempts, random),
    log,
  });
  const inbound = createLarkInbound({ ...meansOf(deps), bot: identity.bot, chats });
  const served = config.LARK_ENCRYPT_KEY !== undefined || config.LARK_VERIFICATION_TOKEN !== undefined;
  const mounts: readonly Mount[] = served ? [{ path: '/lark', guard: 'own', handler: larkRouter(inbound) }] : [];
  const services = [background('lark-allowance', allowance.watch), background('lark', identity.run)];
  const health = (): LarkHealth => {
    const [fault, spentUntil] = [identity.fault(), allowance.spentUntil()];
    return {
      known: identity.known(),
      ...(fault !== undefined && { fault }),
      ...(spentUntil !== undefined && { spentUntil }),
    };
  };
  if (config.LARK_MODE === 'webhook') return { mounts, services, health };
  const outage = createLarkOutage({ own, memory: createFactMemory(storage, `lark_outage:${app.appId}`), log });
  const socket = superviseSocket({
    open: (hooks) => openSocket({ ...app, log, dispatch: inbound.fromSocket, ...hooks }),
    connected: (up) => metrics.channelConnected.set({ channel: 'lark' }, up ? 1 : 0),
    alarm: (began) => void outage.alarm(began),
    recovered: () => void outage.recovered(),
    clock,
    random,
    log,
  });
  return { mounts, services: [...services, socket], health: () => ({ ...health(), socket: stateOf(socket) }) };
}

/** What the way in needs of the configuration and the database. */
function meansOf(deps: LarkEarsDeps): Omit<LarkInboundDeps, 'bot' | 'chats'> {
  const { config, edges, log, metrics, storage, app, api, render, thrifty, receive, operators } = deps;
  const { clock, larkWaitsMs } = edges;
  const members = createMembers({ api, clock });
  return {
    appId: app.appId,
    encryptKey: config.LARK_ENCRYPT_KEY,
    verificationToken: config.LARK_VERIFICATION_TOKEN,
    receive,
    places: createPlaces(storage.database, 'lark'),
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
    ...(larkWaitsMs !== undefined && { deadlineMs: larkWaitsMs }),
  };
}

function stateOf(socket: SupervisedSocket): NonNullable<LarkHealth['socket']> {
  const since = socket.downSince();
  return { connected: since === undefined, ...(since !== undefined && { since }) };
}
