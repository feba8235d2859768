import { createHash } from 'node:crypto';
import type { EpochMs } from '../../../types.ts';
import type { InboundPress } from '../../channel.ts';
import { inputNameOf } from '../card/names.ts';
import type { LarkEvent } from './envelope.ts';
import type { LarkInboundDeps } from './ports.ts';
import { type Fields, objectOf, parseObject, textOf } from './read.ts';

/** A press before its chat is known. */
export interface PressRead {
  readonly press: Omit<InboundPress, 'chat' | 'direct'>;
  /** As the platform names it; legacy clicks and reactions do not. */
  readonly chatId?: string;
  readonly incidentId?: string;
}

/** `card.action.trigger`. `undefined`: nobody pressed, or nothing. */
export function readPress({ id, fields }: LarkEvent, now: EpochMs): PressRead | undefined {
  const context = objectOf(fields['context']);
  const messageRef = textOf(context, 'open_message_id') ?? textOf(fields, 'open_message_id');
  const chatId = textOf(context, 'open_chat_id') ?? textOf(fields, 'open_chat_id');
  return pressOf({ id, messageRef, chatId, operator: objectOf(fields['operator']), fields, now });
}

/** The old form of a click: no envelope, no event id, no chat; the operator's ids stand at the top. */
export function readLegacyClick(body: Fields, now: EpochMs): PressRead | undefined {
  const messageRef = textOf(body, 'open_message_id');
  const chatId = textOf(body, 'open_chat_id');
  return pressOf({ id: undefined, messageRef, chatId, operator: body, fields: body, now });
}

interface Clicked {
  readonly id: string | undefined;
  readonly messageRef: string | undefined;
  readonly chatId: string | undefined;
  readonly operator: Fields | undefined;
  readonly fields: Fields;
  readonly now: EpochMs;
}

function pressOf({ id, messageRef, chatId, operator, fields, now }: Clicked): PressRead | undefined {
  // `open_id` may be missing; the other id is as good for telling who it was.
  const person = textOf(operator, 'open_id') ?? textOf(operator, 'user_id');
  const action = objectOf(fields['action']);
  if (person === undefined || action === undefined) return undefined;
  const value = valueOf(action['value']);
  const incidentId = textOf(objectOf(value), 'incident_id');
  return {
    ...(chatId !== undefined && { chatId }),
    ...(incidentId !== undefined && { incidentId }),
    press: {
      kind: 'press',
      channel: 'lark',
      id: id ?? clickId(fields, messageRef, person, objectOf(value)),
      sender: { id: person, name: person, bot: false },
      receivedAt: now,
      value,
      form: formOf(action),
      messageRef: messageRef ?? '',
    },
  };
}

/** A button's value should be an object; older cards hold it as JSON in a text. */
const valueOf = (value: unknown): unknown => (typeof value === 'string' ? (parseObject(value) ?? value) : value);

/**
 * Without an event id a click is the same as one on that message, by that person, with that meaning. A card that tells
 * neither message nor rev (another program's) has the click's own token instead, else it could be pressed once only.
 */
function clickId(fields: Fields, messageRef: string | undefined, person: string, value: Fields | undefined): string {
  const meaning = ['action', 'incident_id', 'diagnosis_id', 'rev'].map((name) => value?.[name] ?? null);
  const known = messageRef !== undefined && value?.['rev'] !== undefined;
  const parts = [messageRef ?? null, person, ...meaning, known ? null : (textOf(fields, 'token') ?? null)];
  return `click:${createHash('sha256').update(JSON.stringify(parts)).digest('base64url')}`;
}

const MOST_INPUTS = 50;

/** A form's inputs by name; an input outside of a form counts as a form of one. */
function formOf(action: Fields): Readonly<Record<string, string>> {
  // A name from a stranger: `__proto__` is one like any other.
  const form: Record<string, string> = Object.create(null);
  const name = textOf(action, 'name');
  const alone = action['options'] ?? textOf(action, 'option') ?? textOf(action, 'input_value');
  if (name !== undefined) set(form, name, alone);
  for (const [input, value] of Object.entries(objectOf(action['form_value']) ?? {}).slice(0, MOST_INPUTS))
    set(form, inputNameOf(input), value);
  return form;
}

function set(form: Record<string, string>, name: string, value: unknown): void {
  const text = textOfInput(value);
  if (text !== undefined) form[name] = text;
}

/** Texts and choices as they are, several choices with commas, a tick as `true` or `false`. */
function textOfInput(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean' || typeof value === 'number') return String(value);
  if (!Array.isArray(value)) return undefined;
  const chosen = value.filter((one) => typeof one === 'string');
  return chosen.length === 0 ? undefined : chosen.join(',');
}

/** A reaction to one of our messages, as the button it stands for. Which incident is meant, our own table says. */
export function readReaction(
  { id, fields }: LarkEvent,
  now: EpochMs,
  { reactions }: Pick<LarkInboundDeps, 'reactions'>,
): (PressRead & { readonly action: string }) | undefined {
  const emoji = textOf(objectOf(fields['reaction_type']), 'emoji_type');
  const user = objectOf(fields['user_id']);
  const person = textOf(user, 'open_id') ?? textOf(user, 'user_id');
  const messageRef = textOf(fields, 'message_id');
  const action = emoji === undefined ? undefined : actionOf(emoji, reactions);
  // Our own reactions come back to us as those of an app.
  if (fields['operator_type'] === 'app' || action === undefined || person === undefined) return undefined;
  if (messageRef === undefined) return undefined;
  return {
    action,
    press: {
      kind: 'press',
      channel: 'lark',
      id: id ?? `reaction:${messageRef}:${person}:${emoji}:${textOf(fields, 'action_time') ?? ''}`,
      sender: { id: person, name: person, bot: false },
      receivedAt: now,
      value: { action },
      form: {},
      messageRef,
      unanswered: true,
    },
  };
}

/** The platform's keys mix their case freely (`OnIt`, `DONE`); a typist's need not. */
const actionOf = (emoji: string, reactions: LarkInboundDeps['reactions']): string | undefined =>
  Object.entries(reactions).find(([key]) => key.toLowerCase() === emoji.toLowerCase())?.[1];
