import { z } from 'zod';
import { PlatformUnavailable } from '../../errors.ts';
import { type Call, type CallDeps, createCall } from './call.ts';

/** Content of a message: the platform takes it as a string of JSON, and we make that string. */
export interface LarkContent {
  readonly type: 'interactive' | 'post' | 'text';
  readonly content: object;
}

export interface LarkMessage {
  /** `om_…` */
  readonly messageId: string;
  readonly chatId?: string;
  readonly threadId?: string;
}

export interface LarkMember {
  /** `ou_…`, valid for this app only. */
  readonly openId: string;
  readonly name: string;
}

export type UrgentStep = 'app' | 'sms' | 'phone';

/**
 * The platform's calls. Each resolves with what we need of a success and throws the classes of `src/errors.ts`, whatever
 * the form of the refusal. A call that met a dead token is made once more with a fresh one; nothing else is repeated.
 */
export interface LarkApi {
  /** The same `uuid` posts at most once within an hour (platform fact: create); after that it posts again. */
  createMessage(
    to: { readonly idType: 'chat_id' | 'open_id'; readonly id: string; readonly uuid: string },
    content: LarkContent,
    signal: AbortSignal,
  ): Promise<LarkMessage>;
  replyMessage(
    to: { readonly messageId: string; readonly inThread: boolean; readonly uuid: string },
    content: LarkContent,
    signal: AbortSignal,
  ): Promise<LarkMessage>;
  /** Cards only, 14 days long, 5 a second for one message (platform fact: patch). */
  patchCard(messageId: string, card: object, signal: AbortSignal): Promise<void>;
  /** Buzzes people about our own message; tells the ids that the platform refused. */
  urgent(
    messageId: string,
    step: UrgentStep,
    openIds: readonly string[],
    signal: AbortSignal,
  ): Promise<readonly string[]>;
  getBotInfo(signal: AbortSignal): Promise<{ readonly openId: string; readonly name: string }>;
  /** All chats the bot is in. */
  listChats(signal: AbortSignal): Promise<readonly { readonly chatId: string; readonly name: string }[]>;
  /** The first `mostPages` hundred people, by default all; a call for each hundred. */
  chatMembers(chatId: string, signal: AbortSignal, mostPages?: number): Promise<readonly LarkMember[]>;
}

/** Cheap: the SDK is loaded by the first call. */
export function createLarkApi(deps: CallDeps): LarkApi {
  const call = createCall(deps);
  const messages = '/open-apis/im/v1/messages';
  const one = (messageId: string): string => `${messages}/${encodeURIComponent(messageId)}`;
  return {
    createMessage: async ({ idType, id, uuid }, content, signal) => {
      const data = { receive_id: id, uuid, ...bodyOfContent(content) };
      const request = { method: 'POST', path: messages, params: { receive_id_type: idType }, data } as const;
      return read(Message, await call('post', request, signal));
    },
    replyMessage: async ({ messageId, inThread, uuid }, content, signal) => {
      const data = { reply_in_thread: inThread, uuid, ...bodyOfContent(content) };
      return read(Message, await call('reply', { method: 'POST', path: `${one(messageId)}/reply`, data }, signal));
    },
    patchCard: async (messageId, card, signal) => {
      const data = { content: JSON.stringify(card) };
      await call('edit', { method: 'PATCH', path: one(messageId), data }, signal);
    },
    urgent: async (messageId, step, openIds, signal) => {
      const path = `${one(messageId)}/urgent_${step}`;
      const params = { user_id_type: 'open_id' };
      const request = { method: 'PATCH', path, params, data: { user_id_list: openIds } } as const;
      return read(Urgent, await call('page', request, signal));
    },
    getBotInfo: async (signal) =>
      read(BotInfo, await call('read', { method: 'GET', path: '/open-apis/bot/v3/info' }, signal)),
    listChats: (signal) => pages(call, '/open-apis/im/v1/chats', {}, Chats, signal),
    chatMembers: (chatId, signal, mostPages) => {
      const path = `/open-apis/im/v1/chats/${encodeURIComponent(chatId)}/members`;
      return pages(call, path, { member_id_type: 'open_id' }, Members, signal, mostPages);
    },
  };
}

const bodyOfContent = ({ type, content }: LarkContent) => ({ msg_type: type, content: JSON.stringify(content) });

const Message = z
  .object({
    data: z.object({ message_id: z.string().min(1), chat_id: z.string().optional(), thread_id: z.string().optional() }),
  })
  .transform(({ data }): LarkMessage => ({
    messageId: data.message_id,
    ...(data.chat_id !== undefined && { chatId: data.chat_id }),
    ...(data.thread_id !== undefined && { threadId: data.thread_id }),
  }));

const Urgent = z
  .object({ data: z.object({ invalid_user_id_list: z.array(z.string()).nullish() }).optional() })
  .transform(({ data }): readonly string[] => data?.invalid_user_id_list ?? []);

/** Platform fact: `bot` lies beside `code`, not in `data` (bot-v3). */
const BotInfo = z
  .object({ bot: z.object({ open_id: z.string().min(1), app_name: z.string().default('') }) })
  .transform(({ bot }) => ({ openId: bot.open_id, name: bot.app_name }));

const paged = <T extends z.ZodType>(item: T) =>
  z.object({
    data: z.object({
      items: z.array(item).nullish(),
      page_token: z.string().optional(),
      has_more: z.boolean().optional(),
    }),
  });

const Chats = paged(
  z
    .object({ chat_id: z.string().min(1), name: z.string().default('') })
    .transform(({ chat_id, name }) => ({ chatId: chat_id, name })),
);

const Members = paged(
  z
    .object({ member_id: z.string().min(1), name: z.string().default('') })
    .transform(({ member_id, name }): LarkMember => ({ openId: member_id, name })),
);

/** More pages than the largest group has; ends a platform that always says there is another. */
const MOST_PAGES = 100;

async function pages<T>(
  call: Call,
  path: string,
  params: Readonly<Record<string, string>>,
  schema: z.ZodType<{
    data: { items?: T[] | null | undefined; page_token?: string | undefined; has_more?: boolean | undefined };
  }>,
  signal: AbortSignal,
  mostPages = MOST_PAGES,
): Promise<readonly T[]> {
  const all: T[] = [];
  let from: string | undefined;
  for (let page = 0; page < mostPages; page++) {
    const more = { ...params, page_size: 100, ...(from !== undefined && { page_token: from }) };
    const { data } = read(schema, await call('read', { method: 'GET', path, params: more }, signal)); // oxlint-disable-line no-await-in-loop -- each page names the next
    all.push(...(data.items ?? []));
    from = data.page_token;
    if (data.has_more !== true || from === undefined || from === '') break;
  }
  return all;
}

/** A success without what it must hold may still have done what was asked. */
function read<T>(schema: z.ZodType<T>, body: object): T {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const where = parsed.error.issues[0]?.path.join('.') ?? '';
  throw new PlatformUnavailable(`lark answered a success without ${where}`, true);
}
