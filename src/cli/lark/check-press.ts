import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Card } from '../../cards/card.ts';
import { line } from '../../cards/rich.ts';
import { larkCard } from '../../channels/lark/card/lark-card.ts';
import type { LarkEvent } from '../../channels/lark/inbound/envelope.ts';
import { objectOf, textOf } from '../../channels/lark/inbound/read.ts';
import type { Beside } from './check-connection.ts';
import type { Chats } from './check-chats.ts';
import { type Ears, openEars } from './ears.ts';
import { ANSWER_MS, type Patient, reasonOf } from './patient.ts';

const PRESS_MS = 60_000;
const CONNECT_MS = 15_000;
const LOOK_MS = 500;

/** Whether the bot can post in that group. */
export function checkChat(chat: string, chats: Chats, { t, tell }: Patient): boolean {
  const found = chats.find(({ chatId }) => chatId === chat);
  if (found === undefined) tell('bad', t.press.notInChat(chat));
  else tell('ok', t.press.inChat(found.name, chat));
  return found !== undefined;
}

/** A card with a button, and whether its press comes back: to us, or to the server that runs. */
export async function checkPress(chat: string, patient: Patient, beside: Beside | undefined): Promise<void> {
  const { config, t, tell, goOn } = patient;
  const code = randomBytes(9).toString('base64url');
  const pressed = Promise.withResolvers<string>();
  const ears =
    config.LARK_MODE === 'websocket' && beside === undefined
      ? openEars(patient, (event) => takePress(event, code, patient, pressed.resolve))
      : undefined;
  try {
    if (ears !== undefined && !(await listening(ears, patient))) return;
    if (!(await post(chat, code, patient))) return;
    tell('note', ears === undefined ? t.press.watching : t.press.holding);
    const signal = patient.within(PRESS_MS);
    const person = await (ears === undefined ? watchAudit(code, patient, signal) : earPress(pressed.promise, signal));
    goOn();
    if (person === undefined) tell('bad', t.press.none(PRESS_MS / 1000));
    else tell('ok', t.press.arrived(person));
  } finally {
    await ears?.close();
  }
}

async function listening(ears: Ears, { t, tell, goOn }: Patient): Promise<boolean> {
  try {
    await ears.connected(CONNECT_MS);
    return true;
  } catch (error) {
    goOn();
    tell('bad', t.connection.failed(reasonOf(error)));
    return false;
  }
}

async function post(chat: string, code: string, patient: Patient): Promise<boolean> {
  const { api, config, t, tell, within, goOn } = patient;
  const { LOCALE: locale, TIMEZONE: timezone, PUBLIC_URL: publicUrl } = config;
  const content = larkCard(testCard(code, t.press.card), { locale, timezone, publicUrl });
  try {
    const to = { idType: 'chat_id', id: chat, uuid: code } as const;
    const { messageId } = await api.createMessage(to, { type: 'interactive', content }, within(ANSWER_MS));
    tell('ok', t.press.sent(messageId, PRESS_MS / 1000));
    return true;
  } catch (error) {
    goOn();
    tell('bad', t.press.sendFailed(reasonOf(error)));
    return false;
  }
}

const testCard = (code: string, t: Patient['t']['press']['card']): Card => ({
  tone: 'info',
  title: t.title,
  tags: [],
  blocks: [
    { kind: 'text', text: line(t.text) },
    {
      kind: 'buttons',
      buttons: [{ text: t.button, style: 'primary', value: { action: 'press_test', args: { code } } }],
    },
  ],
});

/** The answer to our own press, none to anything else. */
function takePress({ type, fields }: LarkEvent, code: string, { t }: Patient, arrived: (person: string) => void) {
  const args = objectOf(objectOf(objectOf(fields['action'])?.['value'])?.['args']);
  if (type !== 'card.action.trigger' || textOf(args, 'code') !== code) return undefined;
  const operator = objectOf(fields['operator']);
  arrived(`lark:${textOf(operator, 'open_id') ?? textOf(operator, 'user_id') ?? '?'}`);
  return { toast: { type: 'success', content: t.press.card.thanks } };
}

/** The running server records the press in the database that we share; the process that asks ends with the signal. */
async function watchAudit(code: string, { backend }: Patient, signal: AbortSignal): Promise<string | undefined> {
  while (!signal.aborted) {
    const { items } = await backend.audit.list({ operation: 'press_test', limit: 20 }); // oxlint-disable-line no-await-in-loop -- looked at again and again
    const found = items.find(({ detail }) => detail.includes(code));
    if (found !== undefined) return found.actor.id;
    await sleep(LOOK_MS, undefined, { signal }).catch(() => undefined); // oxlint-disable-line no-await-in-loop -- see above
  }
  return undefined;
}

/** Undefined when it has not come in time, or somebody interrupts. */
async function earPress(press: Promise<string>, signal: AbortSignal): Promise<string | undefined> {
  const late = new Promise<undefined>((resolve) => {
    signal.addEventListener('abort', () => resolve(undefined), { once: true });
  });
  return Promise.race([press, late]);
}
