import type { RequestHandler } from 'express';
import { createConsole } from '../console/console.ts';
import { openAssets } from '../console/assets.ts';
import { createLogin } from '../console/login.ts';
import { createRefusal } from '../console/refusal.ts';
import type { ConsolePort, DeliveryLine, HealthPart, PlaygroundPort } from '../console/ports.ts';
import { type Sessions, createSessions } from '../console/session.ts';
import type { Config } from '../config.ts';
import { SEVERITIES } from '../incident/alert.ts';
import { parseIncidentId } from '../incident/id.ts';
import type { Attempts } from '../http/attempts.ts';
import type { Mount, Part } from '../http/ports.ts';
import { helpEntries } from '../operations/help.ts';
import type { Providers } from '../operations/provider.ts';
import { OPERATIONS } from '../operations/table.ts';
import type { Edges } from '../types.ts';
import type { Channels } from './channels.ts';
import { modelHealth } from './model-health.ts';
import type { Operations } from './operations.ts';
import type { Readiness } from './readiness.ts';

export interface PagesDeps {
  readonly config: Config;
  readonly edges: Edges;
  readonly channels: Channels;
  readonly operations: Operations;
  readonly readiness: Readiness;
  readonly providers: Pick<Providers, 'list'>;
  readonly attempts: Attempts;
  /** Signs sessions. */
  readonly secretKey: string;
}

export interface Pages {
  readonly mounts: readonly Mount[];
  readonly sessions: Sessions | undefined;
  /** For people elsewhere while there is nothing to sign in with. */
  readonly refusal: RequestHandler;
  close(): void;
}

/** Incidents on a page, deliveries of one incident. */
const MOST = 50;

/** The console and the playground as mounts; with `ADMIN_TOKEN` set, people sign in first. */
export function createPages(deps: PagesDeps): Pages {
  const { config, edges, channels } = deps;
  const { router, close } = createConsole({
    console: consolePort(deps),
    playground: playgroundPort(deps),
    subscribe: channels.hub.subscribe,
    publicUrl: config.PUBLIC_URL,
    locale: config.LOCALE,
    timezone: config.TIMEZONE,
  });
  const pages: Mount = { path: '/', guard: 'admin', handler: router };
  const refusal = createRefusal(config.LOCALE);
  if (config.ADMIN_TOKEN === undefined) return { mounts: [pages], sessions: undefined, refusal, close };
  const sessions = createSessions({
    clock: edges.clock,
    secretKey: deps.secretKey,
    adminToken: config.ADMIN_TOKEN,
    secure: config.PUBLIC_URL.startsWith('https:'),
  });
  const assets = openAssets();
  const own = (path: string, handler: RequestHandler): Mount => ({ path, guard: 'own', handler });
  const { judge } = deps.attempts;
  const { login, logout } = createLogin({ sessions, assets, judge, locale: config.LOCALE });
  const mounts = [own('/assets/:version', assets.serve), own('/login', login), own('/logout', logout), pages];
  return { mounts, sessions, refusal, close };
}

function playgroundPort({ channels, operations }: PagesDeps): PlaygroundPort {
  const inbound = channels.playgroundInbound(operations.receive);
  const { rooms, threads, thread } = channels.messages;
  return { ...inbound, rooms, threads, thread, commands: (locale) => helpEntries(OPERATIONS, locale) };
}

function consolePort({ operations, readiness, providers }: PagesDeps): ConsolePort {
  const { ports, cardOf } = operations;
  return {
    incidents: async (filter, limit) => {
      if (filter === 'all') return (await ports.incidents.list({ limit })).items;
      const status = ['open', 'acknowledged'] as const;
      const each = await Promise.all(
        SEVERITIES.map((severity) => ports.incidents.list({ status, severity: [severity], limit })),
      );
      return each.flatMap(({ items }) => items).slice(0, limit);
    },
    incident: async (text, locale) => {
      const id = parseIncidentId(text);
      if (id === undefined) return undefined;
      const [why, card] = await Promise.all([ports.deliveries.why(id), cardOf(id, locale)]);
      if (why === undefined || card === undefined) return undefined;
      return { incident: why.incident, card, timeline: why.timeline, deliveries: linesOf(why).slice(0, MOST) };
    },
    health: async (locale) => [
      ...(await readiness(locale)).map(healthOf),
      ...modelHealth(await providers.list(), locale),
    ],
  };
}

type Why = NonNullable<Awaited<ReturnType<Operations['ports']['deliveries']['why']>>>;

const linesOf = ({ attempts }: Why): readonly DeliveryLine[] =>
  attempts.map(({ target, verb, outcome, at, latencyMs, error }) => ({
    target,
    verb,
    state: outcome,
    attempts: 1,
    at,
    latencyMs,
    ...(error === undefined ? {} : { error }),
  }));

const healthOf = ({ name, ok, reason }: Part): HealthPart => ({ name, ok, detail: reason });
