import { setTimeout as sleep } from 'node:timers/promises';
import { operationTexts } from '../../../cards/texts/operations.ts';
import type { InboundPress, PressAnswer } from '../../channel.ts';
import { clickAnswer } from './click-answer.ts';
import { type PressRead, readLegacyClick, readPress, readReaction } from './decode-press.ts';
import type { LarkEvent } from './envelope.ts';
import { nameOf } from './names.ts';
import type { LarkInboundDeps, Place } from './ports.ts';
import type { Fields } from './read.ts';
import { within } from './within.ts';

type PressDeps = LarkInboundDeps & { readonly deadlineMs: number };

/** Clicks, in both forms, and reactions. A click is always answered in time: with its result, or that it is at work. */
export function createPresses(deps: PressDeps) {
  const { clock } = deps;
  return {
    click: (event: LarkEvent) => answered(readPress(event, clock.now()), false, deps),
    legacyClick: (body: Fields) => answered(readLegacyClick(body, clock.now()), true, deps),
    /** The person sees the result on the card; a reaction has no answer. Resolves with why it is nothing to us. */
    async react(event: LarkEvent): Promise<string | undefined> {
      const read = readReaction(event, clock.now(), deps);
      if (read === undefined) return 'no reaction of a person that stands for an action';
      const place = await placeSoon(read.press.messageRef, deps);
      if (place?.incidentId === undefined) return 'not on a card of an incident';
      const value = { action: read.action, incident_id: place.incidentId };
      await deps.receive.press(await placed({ ...read.press, value }, place.chat, deps));
      return undefined;
    },
  };
}

/** Somebody may react before we have read, or written, which message a card became. */
const WRITTEN_MS = 1000;

async function placeSoon(messageRef: string, { places }: PressDeps): Promise<Place | undefined> {
  const place = await places.ofMessage(messageRef);
  if (place !== undefined) return place;
  await sleep(WRITTEN_MS);
  return places.ofMessage(messageRef);
}

/** `{}` is an answer that changes nothing; an empty one would be shown to the person as an error. */
async function answered(read: PressRead | undefined, legacy: boolean, deps: PressDeps): Promise<object> {
  if (read === undefined) return {};
  const t = operationTexts(deps.locale).refused;
  const toast = (tone: 'info' | 'error', text: string): object =>
    clickAnswer({ toast: { tone, text } }, undefined, legacy);
  const done = press(read, legacy, deps).catch((err: unknown) => {
    deps.log.error({ action: 'press_failed', err, channel: 'lark' }, 'a press could not be carried out');
    return toast('error', t.unavailable);
  });
  return within(done, deps.deadlineMs, toast('info', t.working));
}

async function press(read: PressRead, legacy: boolean, deps: PressDeps): Promise<object> {
  const pressed = await placed(read.press, await chatOf(read, deps), deps);
  const answer = await deps.receive.press(pressed);
  return clickAnswer(answer, render(answer, pressed, deps), legacy);
}

/**
 * Our own table knows the target a card was sent to, also when that is a person; the platform knows the chat of a
 * forwarded card. A message that is not ours is a copy of one, and may stand where nobody has any rights: only a click
 * without one is placed by its incident. What has no place counts as said in the person's direct chat.
 */
async function chatOf({ press: { messageRef, sender }, chatId, incidentId }: PressRead, { places }: PressDeps) {
  const own = messageRef === '' ? undefined : await places.ofMessage(messageRef);
  if (own !== undefined) return own.chat;
  if (chatId !== undefined) return `lark:${chatId}`;
  const place = messageRef !== '' || incidentId === undefined ? undefined : await places.ofIncident(incidentId);
  return place?.chat ?? `lark:${sender.id}`;
}

async function placed(read: PressRead['press'], chat: string, deps: PressDeps): Promise<InboundPress> {
  const pressed = { ...read, chat, direct: chat.startsWith('lark:ou_') };
  return { ...pressed, sender: { ...pressed.sender, name: await nameOf(pressed, deps) } };
}

function render({ card }: PressAnswer, pressed: InboundPress, deps: PressDeps): object | undefined {
  if (card === undefined || deps.clickAnswer === 'toast') return undefined;
  try {
    return deps.renderCard(card, pressed);
  } catch (err) {
    deps.log.warn({ action: 'press_card_failed', err, channel: 'lark' }, 'the answer goes without its card');
    return undefined;
  }
}
