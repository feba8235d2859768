import { StorageUnavailable } from '../../../errors.ts';
import { hear } from './hear.ts';
import type { LarkEvent } from './envelope.ts';
import type { LarkInboundDeps } from './ports.ts';
import { createPresses } from './presses.ts';
import { type Fields, objectOf, textOf } from './read.ts';
import { fromVersionOne } from './version-one.ts';
import { within } from './within.ts';

/** The platform waits 3 s; the way there and back takes its part. */
const DEADLINE_MS = 2500;

/** What has been proven, to whom it concerns; both resolve with the answer that the platform expects. */
export interface Intake {
  /** Rejects when the event could not be stored in time to say so: the platform then sends it again. */
  event(event: LarkEvent): Promise<object>;
  legacyClick(body: Fields): Promise<object>;
}

/** What came of an event: `undefined`, or why it is nothing to us. */
export type Taken = Promise<string | undefined>;

export function createIntake(deps: LarkInboundDeps): Intake {
  const { deadlineMs = DEADLINE_MS } = deps;
  const presses = createPresses({ ...deps, deadlineMs });
  return {
    event: (sent) => {
      const event = fromVersionOne(sent, deps.bot());
      return event.type === 'card.action.trigger' ? presses.click(event) : take(event);
    },
    legacyClick: presses.legacyClick,
  };

  /** Nothing is acknowledged before it is stored: what is late goes on, and is recognised when the platform sends it again. */
  async function take(event: LarkEvent): Promise<object> {
    const work = taken(event).then(() => 'stored' as const);
    if ((await within(work, deadlineMs, 'late' as const)) === 'stored') return {};
    work.catch((err: unknown) =>
      deps.log.error({ action: 'lark_event_failed', err }, 'an event failed after its time'),
    );
    throw new StorageUnavailable(`not stored within ${deadlineMs} ms`);
  }

  async function taken(event: LarkEvent): Promise<void> {
    const reason = await takerOf(event.type)(event);
    if (reason === undefined) return;
    const facts = { action: 'lark_event_ignored', type: event.type.slice(0, 100), reason };
    deps.log.debug(facts, 'an event is nothing to us');
  }

  function takerOf(type: string): (event: LarkEvent) => Taken {
    switch (type) {
      case 'im.message.receive_v1':
        return (event) => hear(event, deps);
      case 'im.message.reaction.created_v1':
        return presses.react;
      case 'im.chat.member.bot.added_v1':
      case 'add_bot':
        return (event) => moved(event, deps.chats.added);
      case 'im.chat.member.bot.deleted_v1':
      case 'im.chat.disbanded_v1':
      case 'remove_bot':
        return (event) => moved(event, deps.chats.removed);
      default:
        return () => Promise.resolve('not an event of ours');
    }
  }
}

/** In version 1 the same fields have other names. */
async function moved({ fields, at }: LarkEvent, tell: LarkInboundDeps['chats']['added']): Taken {
  const chatId = textOf(fields, 'chat_id') ?? textOf(fields, 'open_chat_id');
  if (chatId === undefined) return 'no chat in it';
  const name = textOf(fields, 'name') ?? textOf(fields, 'chat_name');
  const by = textOf(objectOf(fields['operator_id']), 'open_id') ?? textOf(fields, 'operator_open_id');
  const known = {
    ...(name !== undefined && { name }),
    ...(by !== undefined && { by }),
    ...(at !== undefined && { at }),
  };
  await tell({ chat: `lark:${chatId}`, ...known });
  return undefined;
}
