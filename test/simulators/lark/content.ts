import { type Answer, refuse, refuseCard, tryParse } from './answer.ts';
import { isSchema2, problemsOfCard } from './card/card.ts';
import type { Chat, World } from './world.ts';

/** The size limits count 1 KB as 1024 bytes of UTF-8. */
const KB = 1024;
const LARGEST: Readonly<Record<string, number>> = { text: 150 * KB, post: 30 * KB, interactive: 30 * KB };

/** Why this content would not become a message; undefined when it would. */
export function refuseContent(world: World, chat: Chat, type: string, content: unknown): Answer | undefined {
  if (!(type in LARGEST))
    return refuse(230001, `Your request contains an invalid request parameter, msg_type ${type}.`);
  if (typeof content !== 'string') return refuse(230001, 'content is not a string');
  const parsed = tryParse(content);
  if (typeof parsed !== 'object' || parsed === null) return refuse(230001, 'content is not a string in json format.');
  if (Buffer.byteLength(content) > (LARGEST[type] ?? 0)) {
    return refuse(230025, 'The length of the message content reaches its limit.');
  }
  return type === 'interactive' ? refuseCardOf(world, chat, parsed) : refuseText(type, parsed);
}

function refuseText(type: string, parsed: object): Answer | undefined {
  const { text } = parsed as { text?: unknown };
  if (type !== 'text' || (typeof text === 'string' && text !== '')) return undefined;
  return refuse(230001, 'The message content is empty.');
}

export function refuseCardOf(world: World, chat: Chat | undefined, card: unknown): Answer | undefined {
  if (!isSchema2(card)) return refuseOldCard(card);
  const [problem] = problemsOfCard(card, {
    isPerson: (id) => world.users.has(id) || id === world.app.openId,
    atAllAllowed: chat?.atAllAllowed ?? true,
  });
  return problem && refuseCard(problem.subCode, `ErrPath: ${problem.path}; ErrMsg: ${problem.message}; `);
}

/** 1.0: an unknown property is ignored, but there must be something to show. */
function refuseOldCard(card: unknown): Answer | undefined {
  const { elements, i18n_elements: translated } = card as { elements?: unknown; i18n_elements?: unknown };
  if (Array.isArray(elements) || translated !== undefined) return undefined;
  return refuseCard(200621, 'ErrMsg: parse card json err, please check whether the card json is correct; ');
}
