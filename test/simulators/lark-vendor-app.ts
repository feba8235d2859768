import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { adaptDefault, EventDispatcher, LoggerLevel } from '@larksuiteoapi/node-sdk';
import { SILENT } from './lark-sdk.ts';
import type { LarkSimulator } from './lark/simulator.ts';

export interface Listening {
  readonly url: string;
  close(): void;
}

export async function listen(
  handle: (request: IncomingMessage, response: ServerResponse) => unknown,
): Promise<Listening> {
  const server = createServer((request, response) => void handle(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = (): void => {
    server.closeAllConnections();
    server.close();
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close };
}

export type Heard = Record<string, unknown>;

/** The vendor's own dispatcher; `heard` gathers what its handlers are given, flattened as the vendor does. */
export function vendorDispatcher(
  { verificationToken }: Pick<LarkSimulator, 'verificationToken'>,
  heard: Heard[],
  answerClick: () => unknown = () => ({}),
  encryptKey?: string,
): EventDispatcher {
  const hear = (data: Heard) => void heard.push(data);
  const dispatcher = new EventDispatcher({
    ...(encryptKey === undefined ? {} : { encryptKey }),
    verificationToken,
    loggerLevel: LoggerLevel.fatal,
    logger: SILENT,
  });
  dispatcher.register({
    'im.message.receive_v1': hear,
    'im.message.reaction.created_v1': hear,
    'im.message.recalled_v1': hear,
    'im.chat.member.bot.added_v1': hear,
    'im.chat.member.bot.deleted_v1': hear,
    'card.action.trigger': (data: Heard) => {
      heard.push(data);
      return answerClick();
    },
  } as never);
  return dispatcher;
}

/** An app made of nothing but the vendor's dispatcher and adapter, behind both addresses. */
export async function startVendorApp(lark: LarkSimulator, answerClick?: () => unknown, encryptKey?: string) {
  const heard: Heard[] = [];
  const dispatcher = vendorDispatcher(lark, heard, answerClick, encryptKey);
  const paths = ['/lark/event', '/lark/card/action'];
  const adapters = paths.map((path) => adaptDefault(path, dispatcher, { autoChallenge: true }));
  const app = await listen((request, response) => Promise.all(adapters.map((adapt) => adapt(request, response))));
  return { ...app, heard };
}
