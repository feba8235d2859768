import type { PlaygroundMessage, PlaygroundMessages, PlaygroundThread } from '../../src/channels/playground/ports.ts';

/** The playground's chat in memory, for tests of what stands in front of the database. */
export function memoryMessages(rooms: readonly string[] = ['lobby']): PlaygroundMessages {
  const rows = new Map<string, PlaygroundMessage>();
  const threadOf = (root: PlaygroundMessage): PlaygroundThread => ({
    root,
    replies: [...rows.values()].filter((row) => row.threadOf === root.id),
  });
  return {
    add: async (message) => {
      if (rows.has(message.id)) return false;
      rows.set(message.id, message);
      return true;
    },
    edit: async (id, content, editedAt) => {
      const row = rows.get(id);
      if (row === undefined) return undefined;
      rows.set(id, { ...row, content, editedAt, revision: row.revision + 1 });
      return row.revision + 1;
    },
    get: async (id) => rows.get(id),
    thread: async (id) => {
      const row = rows.get(id);
      const root = rows.get(row?.threadOf ?? id);
      return root && threadOf(root);
    },
    threads: async (room, limit, before) => {
      const roots = [...rows.values()].filter((row) => row.room === room && row.threadOf === undefined);
      const end = before === undefined ? roots.length : roots.findIndex((row) => row.id === before);
      return roots.slice(Math.max(0, end - limit), end).map(threadOf);
    },
    rooms: async () => rooms,
  };
}
