import type { AddressInfo } from 'node:net';
import { aroundMessages } from './around-messages.ts';
import { chatRoutes } from './chats.ts';
import { createSimulatedClock } from './clock.ts';
import { type Deps, type Settings, SETTINGS } from './deps.ts';
import { editRoutes } from './edit.ts';
import { createFaults } from './faults.ts';
import { createGateway } from './gateway.ts';
import { messagesOf, postAs } from './group.ts';
import { createPlatformHttp, type Recorded } from './http.ts';
import { sendRoutes, throttleGroup } from './send.ts';
import { createThrottle } from './throttle.ts';
import { createTokens } from './token.ts';
import { addChat, addUser, createWorld, type User } from './world.ts';

export interface SimulatorOptions extends Partial<Settings> {
  readonly appId?: string;
  readonly appSecret?: string;
  readonly port?: number;
  /** Time stands still until `clock.advance`; else it runs with the machine's. */
  readonly standing?: boolean;
  /** When it begins, ms since 1970; now unless given. */
  readonly start?: number;
}

export type LarkSimulator = Awaited<ReturnType<typeof startLarkSimulator>>;

/** Lark's and Feishu's open platform on loopback: `url` is the domain to give to an app. */
export async function startLarkSimulator(options: SimulatorOptions = {}) {
  const world = createWorld(options);
  const clock = createSimulatedClock(options);
  const settings: Settings = { ...SETTINGS, ...options };
  const deps: Deps = {
    world,
    clock,
    settings,
    throttle: createThrottle(clock.now),
    urgency: { urgent_sms: 100, urgent_phone: 100 },
  };
  const tokens = createTokens(world.app, clock.now);
  const faults = createFaults();
  const calls: Recorded[] = [];
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
    },
  });
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;

  return {
    url: `http://127.0.0.1:${port}`,
    ...deps,
    app: world.app,
    tokens,
    faults,
    calls,
    addUser: (name: string) => addUser(world, name),
    addChat: (name: string, people: readonly User[] = []) => addChat(world, name, people),
    messages: (chatId: string) => messagesOf(world, chatId),
    /** A message of another app in the chat, which shares the group's five a second. */
    otherBotPosts(chatId: string, text: string): void {
      throttleGroup(deps, chatId);
      postAs(world, clock.now(), chatId, 'other-bot', { text }, 'text');
    },
    async stop(): Promise<void> {
      clock.stop();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
