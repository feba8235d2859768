import type { ServerResponse } from 'node:http';
import { stringOf } from './html.ts';
import { thread } from './message.ts';
import { drawSide, type Scene, threadsOf } from './page.ts';

/** How soon a change is seen; the simulator tells nobody that something changed. */
const LOOK_MS = 150;
const COMMENT_EVERY = 100;

export interface Live {
  /** Sends what the scene's person sees, and from then on what changes in it. */
  follow(scene: () => Scene, response: ServerResponse): void;
  close(): void;
}

/** Server-sent events: `thread` and `side`, each with the markup as it is now. */
export function createLive(): Live {
  const open = new Set<ServerResponse>();
  function follow(scene: () => Scene, response: ServerResponse): void {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    response.write('retry: 500\n\n');
    const sent = new Map<string, string>();
    let looks = 0;
    const send = (event: string, id: string, data: string): void => {
      if (sent.get(id) === data) return;
      sent.set(id, data);
      response.write(`event: ${event}\ndata: ${JSON.stringify({ id, data })}\n\n`);
    };
    const look = (): void => {
      const now = scene();
      for (const [root, replies] of threadsOf(now))
        send('thread', `t-${root.id}`, stringOf(thread(now.view, root, replies)));
      send('side', 'side', stringOf(drawSide(now)));
      looks += 1;
      if (looks % COMMENT_EVERY === 0) response.write(': still here\n\n');
    };
    look();
    const looking = setInterval(look, LOOK_MS);
    open.add(response);
    response.on('close', () => {
      clearInterval(looking);
      open.delete(response);
    });
  }
  return { follow, close: () => open.forEach((response) => response.end()) };
}
