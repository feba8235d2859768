import { custom, parseFreeText } from './custom.ts';
import { type IngestContext, type Ingested, finish, ingest } from './ingest.ts';

const MAX_LENGTH = 1_000_000;

export interface PasteContext extends Omit<IngestContext, 'headers'> {
  /** Where it was said, when that is part of what the sender means, as in the custom form's `chat_id`. */
  readonly chatId?: string;
}

/**
 * Reads what somebody pasted into a chat: JSON of any known format (also in a code fence), else free text like the
 * custom form's message. `senderId` is the person's, so that two people's pastes stay two alerts. Never throws.
 */
export function parsePastedAlert(pasted: string, senderId: string, context: PasteContext): Ingested {
  const text = unfenced(pasted.slice(0, MAX_LENGTH));
  const body = jsonOf(text);
  if (body !== undefined) return ingest(body, { ...context, headers: {}, botIds: [] });
  const item = parseFreeText(text, { senderId, chatId: context.chatId }, context);
  if ('reason' in item) return { source: custom, alerts: [], ignored: [{ index: 0, ...item }] };
  return { source: custom, alerts: [finish(item, custom.name, context.integration)], ignored: [] };
}

const unfenced = (text: string): string => /^\s*```[a-z]*\n?([\s\S]*?)```\s*$/i.exec(text)?.[1] ?? text;

/** Only objects and lists: a lone number or word is somebody's text. */
function jsonOf(text: string): unknown {
  if (!/^\s*[[{]/.test(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
