import { operationTexts } from '../cards/texts/operations.ts';
import { refuse } from '../operations/answers.ts';
import { readIncidentRef } from '../operations/incident-ref.ts';
import type { Context, Outcome, Said } from '../operations/operation.ts';
import type { ChatDeps } from './ports.ts';
import type { Spoken } from './read-command.ts';

/** The operation's input as somebody said it, or what to answer instead. */
export type Understood = { readonly input: unknown } | { readonly refusal: Outcome };

/** More open incidents than this are not worth listing in a sentence. */
const MOST_NAMED = 6;

/**
 * Turns what follows a command into the operation's input. The incident may be left out in a card's thread, when
 * replying to or quoting a card, and when exactly one is open in this chat.
 */
export async function understand(
  operation: Spoken,
  text: string,
  said: Said,
  context: Context,
  incidents: ChatDeps['incidents'],
): Promise<Understood> {
  const { chat } = operation;
  const takesIncident = chat.takes === 'incident' || chat.takes === 'incident-or-words';
  const named = takesIncident ? takeId(text, context) : undefined;
  const rest = named?.rest ?? text;
  const parsed = chat.parse(rest === '' ? [] : rest.split(/\s+/u), rest, said);
  if (parsed === undefined) return { refusal: wrongArguments(operation, text, context) };
  if (!takesIncident) return { input: parsed };
  if (named !== undefined) return { input: { ...parsed, incident: named.id } };
  if (chat.alone?.(parsed) === true) return { input: parsed };
  const meant = await meantHere(context, incidents);
  return 'id' in meant ? { input: { ...parsed, incident: meant.id } } : { refusal: meant.refusal };
}

/** The id in front, however written: `INC-20261122-003`, `3`, `#3`, `＃３`. */
function takeId(text: string, { now, timezone }: Context): { readonly id: string; readonly rest: string } | undefined {
  const [first = ''] = text.split(/\s/u);
  const id = readIncidentRef(first, now, timezone);
  return id === undefined ? undefined : { id, rest: text.slice(first.length).trim() };
}

function wrongArguments({ chat }: Spoken, text: string, { locale }: Context): Outcome {
  const t = operationTexts(locale).refused;
  const [first = ''] = text.split(/\s/u);
  const looksLikeId = /^(?:[#＃]|INC)/iu.test(first);
  return refuse('invalid', looksLikeId ? t.badId(first) : t.usage(chat.usage[locale], chat.example));
}

async function meantHere(
  { messageRef, targetId, locale }: Context,
  incidents: ChatDeps['incidents'],
): Promise<{ readonly id: string } | { readonly refusal: Outcome }> {
  const t = operationTexts(locale).refused;
  if (targetId === undefined) return { refusal: refuse('invalid', t.noneOpen) };
  if (messageRef !== undefined) {
    const id = await incidents.ofMessage(targetId, messageRef);
    if (id !== undefined) return { id };
  }
  const open = await incidents.list({ status: ['open', 'acknowledged'], targetId, limit: MOST_NAMED });
  const [only] = open.items;
  if (only === undefined) return { refusal: refuse('invalid', t.noneOpen) };
  if (open.total === 1) return { id: only.id };
  return { refusal: refuse('invalid', t.whichOne(open.items.map(({ id }) => id))) };
}
