import type { AddressInfo } from 'node:net';
import { aroundMessages } from './around-messages.ts';
import { chatRoutes } from './chats.ts';
import { createClicks } from './click.ts';
import { createSimulatedClock } from './clock.ts';
import { CONFIG, type ClientConfig, type Connections, createConnections } from './connections.ts';
import { type Deps, type Settings, SETTINGS } from './deps.ts';
import { delayedUpdateRoutes } from './delayed-update.ts';
import { createDeliveries } from './deliveries.ts';
import { editRoutes } from './edit.ts';
import { createEndpoint } from './endpoint.ts';
import { createFaults } from './faults.ts';
import { createGateway } from './gateway.ts';
import { createHooks } from './hook.ts';
import { createPlatformHttp, type Recorded } from './http.ts';
import { makeHex } from './ids.ts';
import { createScopes, scopeRoutes } from './scopes.ts';
import { sendRoutes } from './send.ts';
import { createSocketTransport } from './socket-transport.ts';
import { createThrottle } from './throttle.ts';
import { createTokens } from './token.ts';
import type { Transport } from './transport.ts';
import { createWebhookTransport } from './webhook-transport.ts';
import { createWorld } from './world.ts';

export interface SimulatorOptions extends Partial<Settings> {
  readonly appId?: string;
  readonly appSecret?: string;
  readonly verificationToken?: string;
  readonly port?: number;
  /** Time stands still until `clock.advance`; else it runs with the machine's. */
  readonly standing?: boolean;
  /** When it begins, ms since 1970; now unless given. */
  readonly start?: number;
  /** How the vendor's client is told to reconnect and to ping, in seconds. */
  readonly clientConfig?: Partial<ClientConfig>;
  /** Which of several long connections an event goes to. */
  readonly random?: () => number;
}

/** All parts of the platform, listening on loopback. */
export async function startPlatform(options: SimulatorOptions) {
  const world = createWorld(options);
  const clock = createSimulatedClock(options);
  const settings: Settings = { ...SETTINGS, ...options };
  const urgency = { urgent_sms: 100, urgent_phone: 100 };
  const quota = { calls: Number.POSITIVE_INFINITY };
  const deps: Deps = { world, clock, settings, urgency, quota, throttle: createThrottle(clock.now) };
  const verificationToken = options.verificationToken ?? makeHex(16);
  const envelopes = { world, now: clock.now, verificationToken };
  const clicks = createClicks(deps, envelopes);
  const tokens = createTokens(world.app, clock.now);
  const hooks = createHooks(deps);
  const faults = createFaults();
  const scopes = createScopes();
  const calls: Recorded[] = [];
  let port = 0;
  const endpoint = createEndpoint(
    world.app,
    () => `ws://127.0.0.1:${port}`,
    (): Connections => connections,
  );
  const server = createPlatformHttp({
    faults,
    gateway: createGateway(deps, tokens),
    record: (request) => calls.push({ ...request, at: clock.now() }),
    routes: {
      'POST /open-apis/auth/v3/tenant_access_token/internal': ({ body }) => tokens.issue(body),
      ...sendRoutes(deps),
      ...editRoutes(deps),
      ...aroundMessages(deps),
      ...chatRoutes(deps),
      ...scopeRoutes(scopes),
      ...delayedUpdateRoutes(deps, clicks),
      ...hooks.routes,
      ...endpoint.routes,
    },
  });
  const mayConnect = (ticket: string): boolean => faults.outage === 'none' && endpoint.tickets.has(ticket);
  const connections = createConnections(server, mayConnect, { ...CONFIG, ...options.clientConfig });
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve));
  port = (server.address() as AddressInfo).port;

  const webhook = createWebhookTransport(settings, clock.now);
  const socket = createSocketTransport(connections, settings, clock.now, options.random ?? Math.random);
  const ways = { webhook, socket };
  return {
    deps,
    envelopes,
    clicks,
    tokens,
    hooks,
    faults,
    scopes,
    calls,
    endpoint,
    connections,
    webhook,
    socket,
    port,
    deliveries: createDeliveries(clock),
    /** The way that is asked for, else the addresses when they are saved, else the long connection. */
    transport: (name?: Transport['name']): Transport => ways[name ?? (webhook.configured ? 'webhook' : 'socket')],
    async stop(): Promise<void> {
      clock.stop();
      connections.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
