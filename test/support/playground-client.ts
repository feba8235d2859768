import { randomUUID } from 'node:crypto';

export interface Saying {
  /** Whom the window plays: `chen` is a responder, `guest` a reader. */
  readonly as?: string;
  readonly replyTo?: string;
  readonly lang?: 'zh' | 'en';
}

export interface PlaygroundClient {
  /** Resolves to the message's id. */
  say(text: string, saying?: Saying): Promise<string>;
  /** What stands in the thread of this message, as plain text. */
  thread(id: string): Promise<string>;
  /** The message that shows an incident, once it is there. */
  cardOf(incidentId: string): Promise<string>;
}

/** Somebody in the playground's lobby of a running server, by its own HTTP routes. */
export function playgroundClient(url: string): PlaygroundClient {
  return {
    say: async (text, { as = 'chen', replyTo, lang = 'en' } = {}) => {
      const body = { room: 'lobby', text, key: randomUUID(), ...(replyTo === undefined ? {} : { replyTo }) };
      const response = await fetch(`${url}/playground/messages?as=${as}&lang=${lang}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', origin: url },
        body: JSON.stringify(body),
      });
      return ((await response.json()) as { message: string }).message;
    },
    cardOf: async (incidentId) => {
      for (let tries = 0; tries < 1200; tries += 1) {
        const html = await (await fetch(`${url}/playground/rooms/lobby/threads?lang=en`)).text();
        const found = html.split(/(?=<article)/).find((part) => part.includes(incidentId));
        const id = /(?:id="m-|data-message=")([\w-]{22})"/.exec(found ?? '')?.[1];
        if (id !== undefined) return id;
        await new Promise((resolve) => setTimeout(resolve, 25));
      }
      throw new Error(`no card of ${incidentId}`);
    },
    thread: async (id) => {
      const html = await (await fetch(`${url}/playground/messages/${id}?lang=en`)).text();
      return html
        .replaceAll(/<[^>]*>/g, ' ')
        .replaceAll('&#39;', "'")
        .replaceAll('&amp;', '&')
        .replaceAll(/\s+/g, ' ');
    },
  };
}
