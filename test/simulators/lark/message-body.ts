import { isJson, type Json } from './answer.ts';
import { contentOf, type Message, type World } from './world.ts';

/** A message as the API returns it. */
export function messageBody({ app, tenantKey }: World, message: Message): Json {
  return {
    message_id: message.id,
    root_id: message.rootId ?? '',
    parent_id: message.parentId ?? '',
    ...(message.threadId === undefined ? {} : { thread_id: message.threadId }),
    msg_type: message.type,
    create_time: String(message.createdAt),
    update_time: String(message.updatedAt),
    deleted: message.recalled,
    updated: message.versions.length > 1,
    chat_id: message.chatId,
    sender: senderOf(message.sender, app.id, tenantKey),
    body: { content: contentOf(message) },
    mentions: [],
  };
}

const senderOf = (sender: string, appId: string, tenantKey: string): Json =>
  sender.startsWith('ou_')
    ? { id: sender, id_type: 'open_id', sender_type: 'user', tenant_key: tenantKey }
    : { id: sender === 'app' ? appId : sender, id_type: 'app_id', sender_type: 'app', tenant_key: tenantKey };

export const field = (body: unknown, name: string): unknown => (isJson(body) ? body[name] : undefined);
