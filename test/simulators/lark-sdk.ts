import { Client, DefaultCache, LoggerLevel } from '@larksuiteoapi/node-sdk';
import type { LarkSimulator } from './lark/simulator.ts';

/** The vendor's own client, unmodified, against a simulator; a cache of its own, as the default one is per process. */
export const vendorClient = (simulator: LarkSimulator): Client =>
  new Client({
    appId: simulator.app.id,
    appSecret: simulator.app.secret,
    domain: simulator.url,
    cache: new DefaultCache(),
    loggerLevel: LoggerLevel.fatal,
    logger: SILENT,
  });

const nothing = (): void => undefined;
export const SILENT = { error: nothing, warn: nothing, info: nothing, debug: nothing, trace: nothing };

/** What the platform answered, whether the client returned it (HTTP 200) or threw it (HTTP 400 and above). */
export interface Said {
  readonly status: number;
  readonly code: number | undefined;
  readonly msg: string;
  readonly data: Record<string, unknown>;
  readonly headers: Record<string, string>;
}

export async function said(call: Promise<unknown>): Promise<Said> {
  try {
    return readable(200, await call, {});
  } catch (error) {
    const { response, message } = error as {
      response?: { status: number; data: unknown; headers: Record<string, string> };
      message: string;
    };
    if (!response) return { status: 0, code: undefined, msg: message, data: {}, headers: {} };
    return readable(response.status, response.data, response.headers);
  }
}

function readable(status: number, body: unknown, headers: Record<string, string>): Said {
  const { code, msg, data } = (body ?? {}) as { code?: number; msg?: string; data?: Record<string, unknown> };
  return { status, code, msg: msg ?? '', data: data ?? {}, headers };
}

/** Posts a card (or a given content) into a chat with the vendor's client. */
export const postCard = (client: Client, chatId: string, card: unknown, uuid?: string): Promise<Said> =>
  said(
    client.im.v1.message.create({
      params: { receive_id_type: 'chat_id' },
      data: {
        receive_id: chatId,
        msg_type: 'interactive',
        content: typeof card === 'string' ? card : JSON.stringify(card),
        ...(uuid === undefined ? {} : { uuid }),
      },
    }),
  );

export const postText = (client: Client, chatId: string, text: string, uuid?: string): Promise<Said> =>
  said(
    client.im.v1.message.create({
      params: { receive_id_type: 'chat_id' },
      data: {
        receive_id: chatId,
        msg_type: 'text',
        content: JSON.stringify({ text }),
        ...(uuid === undefined ? {} : { uuid }),
      },
    }),
  );

export const patchCard = (client: Client, messageId: string, card: unknown): Promise<Said> =>
  said(client.im.v1.message.patch({ path: { message_id: messageId }, data: { content: JSON.stringify(card) } }));

/** A small card that nothing is wrong with. */
export const cardWith = (...elements: readonly unknown[]): Record<string, unknown> => ({
  schema: '2.0',
  config: { update_multi: true },
  header: { template: 'red', title: { tag: 'plain_text', content: 'INC-1' } },
  body: { elements },
});
export const markdown = (content: string): Record<string, unknown> => ({ tag: 'markdown', content });
