import { z } from 'zod';
import type { AlertStatus } from '../incident/alert.ts';
import type { Labels } from '../types.ts';
import { faultOf, fields, firstText, isFields, scalar } from './fields.ts';
import { annotationLinks, linksOf } from './links.ts';
import { affectedOf, isLabelLine, labelsIn } from './named-labels.ts';
import {
  type AlertSource,
  type Draft,
  type Item,
  type ParseContext,
  malformed,
  notFiring,
  parseOne,
} from './source.ts';
import { ANNOTATION_LENGTH, labelsOf } from './text.ts';
import { timeOf } from './time.ts';

const Body = z.object({
  message: z.string('must be a text').refine((text) => text.trim() !== '', 'must not be empty'),
  sender_id: z
    .union([z.string().min(1, 'must not be empty'), z.number()], 'must be a text or a number')
    .transform(String),
  chat_id: scalar,
  timestamp: z.unknown().optional(),
  metadata: fields,
});

/** Our own form, for scripts: `{message, sender_id, chat_id?, timestamp?, metadata?}`. */
export const custom: AlertSource = {
  name: 'custom',
  repeats: false,
  detect: (body) =>
    isFields(body) &&
    typeof body['message'] === 'string' &&
    (typeof body['sender_id'] === 'string' || typeof body['sender_id'] === 'number'),
  parse(body, context) {
    const parsed = Body.safeParse(body);
    const chatId = parsed.data?.chat_id;
    return { ...parseOne(parsed, () => parseMessage(parsed, context)), ...(chatId === undefined ? {} : { chatId }) };
  },
};

/** A message people wrote: what `/alert` in a chat gets when it is no JSON. */
export const parseFreeText = (
  message: string,
  { senderId, chatId }: { readonly senderId: string; readonly chatId?: string | undefined },
  context: ParseContext,
): Item => parseMessage(Body.safeParse({ message, sender_id: senderId, chat_id: chatId }), { ...context, botIds: [] });

function parseMessage(parsed: ReturnType<typeof Body.safeParse>, { botIds }: ParseContext): Item {
  if (!parsed.success) return malformed(faultOf(parsed.error));
  const { message, sender_id: senderId, chat_id: chatId, timestamp, metadata } = parsed.data;
  if (botIds.length > 0 && !botIds.includes(senderId)) {
    return notFiring(`sender_id "${senderId.slice(0, 80)}" is not listed in ALERT_BOT_IDS`);
  }
  const facts = labelsOf(metadata, ANNOTATION_LENGTH);
  const status = statusOf(facts);
  if (status === undefined) return notFiring(`metadata.status "${(facts['status'] ?? '').slice(0, 40)}" is no alert`);
  const draft = draftOf(message, facts);
  const time = timeOf(timestamp);
  return {
    ...draft,
    status,
    fingerprint: firstText(facts['alert_id'], facts['fingerprint'], facts['dedup_key']),
    identity: {
      senderId,
      chatId: withoutChannel(chatId ?? ''),
      title: withoutDigits(draft.title ?? ''),
      ...affectedOf(draft.labels),
    },
    ...(status === 'firing' ? { startsAt: time } : { endsAt: time }),
  };
}

/** `lark:oc_1` and `oc_1` name one chat. */
const withoutChannel = (chatId: string): string => chatId.replace(/^[a-z-]{1,40}:/u, '');

function draftOf(message: string, facts: Labels): Omit<Draft, 'status'> {
  const labels = labelsIn(message, facts);
  const [title = '', ...rest] = withoutMark(message).split('\n');
  return {
    title,
    summary: rest
      .filter((line) => !isLabelLine(line))
      .join('\n')
      .trim(),
    severity: firstText(facts['severity'], labels['severity']),
    labels,
    annotations: facts,
    links: linksOf(...annotationLinks(facts)),
  };
}

const withoutMark = (message: string): string => message.trimStart().replace(/^[[【](?:告警|alert)[\]】]\s*/i, '');

/** The same problem with another count or time in its title stays the same problem. */
export const withoutDigits = (title: string): string => title.replaceAll(/\d+/g, '').replaceAll(/\s+/g, ' ').trim();

/** Never from the text: 恢复 and "resolved" also stand in sentences about other things. */
const STATUSES: Readonly<Partial<Record<string, AlertStatus>>> = {
  firing: 'firing',
  alerting: 'firing',
  problem: 'firing',
  resolved: 'resolved',
  recovered: 'resolved',
};

function statusOf(facts: Labels): AlertStatus | undefined {
  const word = facts['status']?.trim().toLowerCase();
  if (word === undefined || word === '') return 'firing';
  return Object.hasOwn(STATUSES, word) ? STATUSES[word] : undefined;
}
