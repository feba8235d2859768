import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import type { Act } from './storyline.ts';

const ROOM = 'lobby';
/** Alerts of a storm that are on their way at once. */
const PARALLEL = 10;
/** How long a button may take to appear; an edit may wait for the next one for some seconds. */
export const BUTTON_MS = 15_000;

const Accepted = z.object({ data: z.object({ incidents: z.array(z.object({ id: z.string() })) }) });

/** Where people talk and press: the playground unless said otherwise. */
export interface Room {
  say(person: string, text: string): Promise<void>;
  press(pressing: Pressing): Promise<void>;
}

export interface Pressing {
  readonly person: string;
  /** The id of the incident whose card is meant. */
  readonly incident: string;
  readonly action: string;
  readonly form: Readonly<Record<string, string>>;
}

/** Does what the storyline says, as the outside does it: alerts over HTTP, and what people do in a room. */
export function createPlayer(url: string, room: Room = playground(url)) {
  const incidents = new Map<string, string>();
  return async (act: Act): Promise<void> => {
    if (act.kind === 'alerts') return sendAll(act.bodies, act.name);
    if (act.kind === 'say') return room.say(act.person, act.text);
    const { person, action, form = {} } = act;
    return room.press({ person, incident: incidents.get(act.incident) ?? '', action, form });
  };

  async function sendAll(bodies: readonly unknown[], name: string | undefined): Promise<void> {
    for (let at = 0; at < bodies.length; at += PARALLEL) {
      const answers = await Promise.all(bodies.slice(at, at + PARALLEL).map((body) => post(url, '/api/alert', body)));
      const id = Accepted.parse(answers[0]).data.incidents[0]?.id;
      if (name !== undefined && id !== undefined) incidents.set(name, id);
    }
  }
}

/** The lobby of the playground, by its page's own requests. */
const playground = (url: string): Room => ({
  say: async (person, text) => void (await post(url, `/playground/messages?as=${person}`, said(text))),
  press: async ({ person, incident, action, form }) => {
    const pressed = await button(url, incident, person, action);
    await post(url, `/playground/presses?as=${person}`, { ...pressed, key: randomUUID(), form });
  },
});

/** A request of the server's own pages, or of a sender. */
export async function post(url: string, path: string, body: unknown): Promise<unknown> {
  const headers = { 'Content-Type': 'application/json', Origin: url };
  const answer = await fetch(`${url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`);
  return answer.json();
}

const said = (text: string) => ({ room: ROOM, text, key: randomUUID() });

/** The button as it stands in the room now, on the incident's newest card. */
async function button(url: string, incident: string, person: string, action: string) {
  const until = Date.now() + BUTTON_MS;
  while (Date.now() < until) {
    const page = await (await fetch(`${url}/playground/rooms/${ROOM}/threads?as=${person}`)).text();
    const card = page.split('<article').findLast((thread) => thread.includes(`data-incident="${incident}"`)) ?? '';
    const message = /data-message="([^"]+)"/.exec(card)?.[1];
    const values = [...card.matchAll(/data-press="([^"]*)"/g)].map(([, value = '']) => parsed(value));
    const value = values.find((one) => one.action === action);
    if (message !== undefined && value !== undefined) return { message, value };
    await sleep(250);
  }
  throw new Error(`no button "${action}" appeared on the card of ${incident}`);
}

const parsed = (attribute: string) =>
  z.looseObject({ action: z.string() }).parse(JSON.parse(attribute.replaceAll('&quot;', '"').replaceAll('&amp;', '&')));
