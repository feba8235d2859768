import type { Selectable } from 'kysely';
import type {
  PlaygroundContent,
  PlaygroundMessage,
  PlaygroundMessages,
  PlaygroundThread,
} from '../channels/playground/ports.ts';
import type { Database, Write } from './database.ts';
import type { Tables } from './schema.ts';

type MessageRow = Selectable<Tables['playground_messages']>;

/** More replies than anybody reads under the threads of one page. */
const REPLIES = 1000;

/** The playground's chat in our own tables. */
export function createPlaygroundMessages({ reader }: Pick<Database, 'reader'>, write: Write): PlaygroundMessages {
  const table = () => reader.selectFrom('playground_messages').selectAll();
  const get = async (id: string) => {
    const row = await table().where('id', '=', id).executeTakeFirst();
    return row && messageOf(row);
  };
  const withReplies = async (roots: readonly PlaygroundMessage[]): Promise<readonly PlaygroundThread[]> => {
    const ids = roots.map((root) => root.id);
    if (ids.length === 0) return [];
    const found = table().where('thread_of', 'in', ids).orderBy('created_at', 'desc').orderBy('id', 'desc');
    const replies = (await found.limit(REPLIES).execute()).map(messageOf).toReversed();
    const byRoot = Map.groupBy(replies, (reply) => reply.threadOf);
    return roots.map((root) => ({ root, replies: byRoot.get(root.id) ?? [] }));
  };
  return {
    add: (message) =>
      write('delivery', async ({ db }) => {
        const insert = db.insertInto('playground_messages').values(rowOf(message));
        const { numInsertedOrUpdatedRows } = await insert
          .onConflict((id) => id.column('id').doNothing())
          .executeTakeFirst();
        return numInsertedOrUpdatedRows === 1n;
      }),
    edit: (id, content, editedAt) =>
      write('delivery', async ({ db }) => {
        const update = db
          .updateTable('playground_messages')
          .set((eb) => ({ ...bodyOf(content), edited_at: editedAt, revision: eb('revision', '+', 1) }))
          .where('id', '=', id);
        return (await update.returning('revision').executeTakeFirst())?.revision;
      }),
    get,
    thread: async (id) => {
      const message = await get(id);
      const root = message?.threadOf === undefined ? message : await get(message.threadOf);
      return root && (await withReplies([root]))[0];
    },
    threads: async (room, limit, before) => {
      const cut = before === undefined ? undefined : await get(before);
      let roots = table().where('room', '=', room).where('thread_of', 'is', null);
      if (cut !== undefined)
        roots = roots.where((eb) => eb(eb.refTuple('created_at', 'id'), '<', eb.tuple(cut.createdAt, cut.id)));
      const rows = await roots.orderBy('created_at', 'desc').orderBy('id', 'desc').limit(limit).execute();
      return withReplies(rows.map(messageOf).toReversed());
    },
    rooms: async () => {
      const rows = await reader
        .selectFrom('targets')
        .select('address')
        .where('channel', '=', 'playground')
        .orderBy('created_at')
        .limit(500)
        .execute();
      return [...new Set(['lobby', ...rows.map((row) => row.address)])];
    },
  };
}

const bodyOf = (content: PlaygroundContent) => ({
  kind: content.kind,
  body: JSON.stringify(content.kind === 'card' ? content.card : content.text),
});

const rowOf = (message: PlaygroundMessage): MessageRow => ({
  id: message.id,
  room: message.room,
  thread_of: message.threadOf ?? null,
  author_id: message.author.id,
  author_name: message.author.name,
  ...bodyOf(message.content),
  mentions: JSON.stringify(message.mentions),
  revision: message.revision,
  created_at: message.createdAt,
  edited_at: message.editedAt ?? null,
});

function messageOf(row: MessageRow): PlaygroundMessage {
  return {
    id: row.id,
    room: row.room,
    ...(row.thread_of !== null && { threadOf: row.thread_of }),
    author: { id: row.author_id, name: row.author_name },
    content: contentOf(row),
    mentions: JSON.parse(row.mentions),
    revision: row.revision,
    createdAt: row.created_at,
    ...(row.edited_at !== null && { editedAt: row.edited_at }),
  };
}

/** Our own writing, read back: `rowOf` is the only one that fills these columns. */
const contentOf = ({ kind, body }: MessageRow): PlaygroundContent =>
  kind === 'card' ? { kind: 'card', card: JSON.parse(body) } : { kind: 'text', text: JSON.parse(body) };
