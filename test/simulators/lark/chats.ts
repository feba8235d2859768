import { ok, refuse } from './answer.ts';
import { type Deps, HOUR } from './deps.ts';
import { field } from './message-body.ts';
import { type Call, type Routes, textOf } from './routes.ts';
import { addChat, type Chat } from './world.ts';

/** The bot itself and the chats it is in. */
export function chatRoutes({ world, clock }: Deps): Routes {
  const made = new Map<string, { readonly at: number; readonly chat: Chat }>();
  const mine = (): readonly Chat[] =>
    [...world.chats.values()].filter(({ botInside, type, dissolved }) => botInside && !dissolved && type === 'group');

  function create({ query, body }: Call) {
    const uuid = query.get('uuid') ?? '';
    const known = made.get(uuid);
    const people = (field(body, 'user_id_list') as readonly string[] | undefined) ?? [];
    const users = people.flatMap((id) => world.users.get(id) ?? []);
    const chat = known && known.at > clock.now() - 10 * HOUR ? known.chat : addChat(world, nameOf(body), users);
    if (uuid !== '') made.set(uuid, { at: clock.now(), chat });
    return ok({ chat_id: chat.id, name: chat.name });
  }

  return {
    'GET /open-apis/bot/v3/info': () => ({
      status: 200,
      body: { code: 0, msg: 'ok', bot: { activate_status: 2, app_name: world.app.name, open_id: world.app.openId } },
    }),
    'GET /open-apis/im/v1/chats': ({ query }) => page(mine().map(listed), query),
    'POST /open-apis/im/v1/chats': create,
    'GET /open-apis/im/v1/chats/:id': ({ params }) => {
      const chat = world.chats.get(params['id'] ?? '');
      if (!chat) return refuse(232006, 'Your request specifies a chat_id which is invalid.');
      return chat.botInside ? ok(listed(chat)) : refuse(232011, 'Operator can NOT be out of the chat.');
    },
    'GET /open-apis/im/v1/chats/:id/members': ({ params, query }) => {
      const chat = world.chats.get(params['id'] ?? '');
      if (!chat?.botInside) return refuse(232011, 'Operator can NOT be out of the chat.');
      const members = [...chat.members].map((id) => ({
        member_id_type: 'open_id',
        member_id: id,
        name: world.users.get(id)?.name ?? '',
        tenant_key: world.tenantKey,
      }));
      return page(members, query);
    },
    'POST /open-apis/im/v1/chats/:id/members': ({ params, body }) => {
      const chat = world.chats.get(params['id'] ?? '');
      if (!chat?.botInside) return refuse(232011, 'Operator can NOT be out of the chat.');
      const ids = (field(body, 'id_list') as readonly string[] | undefined) ?? [];
      for (const id of ids) if (world.users.has(id)) chat.members.add(id);
      return ok({ invalid_id_list: ids.filter((id) => !world.users.has(id)) });
    },
  };
}

const nameOf = (body: unknown): string => textOf(body, 'name') ?? '';

const listed = ({ id, name }: Chat) => ({ chat_id: id, name, description: '', external: false, chat_status: 'normal' });

function page(items: readonly object[], query: URLSearchParams) {
  const size = Math.min(100, Number(query.get('page_size') ?? 20));
  const from = Number(query.get('page_token') || 0);
  const hasMore = from + size < items.length;
  return ok({
    items: items.slice(from, from + size),
    has_more: hasMore,
    page_token: hasMore ? String(from + size) : '',
    member_total: items.length,
  });
}
