import { clean } from '../cards/clean.ts';
import type { ChatChange } from '../channels/lark/inbound/ports.ts';
import type { Target } from '../operations/targets-port.ts';
import type { Trx } from '../store/database.ts';
import { killTarget, targetWorks } from '../store/delivery/deaths.ts';
import { readFact, writeFact } from '../store/facts.ts';
import type { EpochMs } from '../types.ts';
import { type AskApprovalDeps, createAskApproval } from './ask-approval.ts';
import type { Storage } from './storage.ts';

export interface LarkChatsDeps extends AskApprovalDeps {
  readonly storage: Pick<Storage, 'targets' | 'committer' | 'defaultTargetId'>;
  /** A chat that had been dead takes messages again. */
  readonly alive: (target: Target) => Promise<void>;
}

const CHANNEL = 'lark';
/** An app that served other ends may be in many groups already: more than these are not written to unasked; readiness names them. */
const MOST_ASKED = 3;
const LONGEST_NAME = 200;
/** How much the platform's clock and ours may differ. */
const AHEAD_MS = 5 * 60_000;

/**
 * Groups the bot is in. One that nobody has approved is a pending target: it gets answers and no incidents, and is asked
 * about by a card, there and at the default target, once. All of it bears repetition.
 */
export function createLarkChats(deps: LarkChatsDeps) {
  const { storage, clock } = deps;
  const { targets, committer } = storage;
  const ask = createAskApproval(deps);
  const addressOf = (chat: string): string => chat.slice(CHANNEL.length + 1);

  async function named(address: string, name: string | undefined): Promise<Target> {
    const known = await targets.byAddress(CHANNEL, address);
    // Anybody may name a group, and its name is read in terminals, lists and cards.
    const title = clean(name ?? '', LONGEST_NAME) || undefined;
    if (known === undefined)
      return targets.ensure(CHANNEL, address, { pending: true, ...(title !== undefined && { name: title }) });
    if (title === undefined || known.name !== `${CHANNEL}:${address}`) return known;
    return (await targets.update(known.id, { name: title })) ?? known;
  }

  async function revive(target: Target): Promise<void> {
    if (target.state !== 'dead') return;
    const wasDead = await committer.write('job', (trx) => targetWorks(trx, target.id, clock.now()));
    if (wasDead) await deps.alive(target);
  }

  async function here(address: string, name: string | undefined): Promise<Target> {
    const target = await named(address, name);
    await revive(target);
    return target;
  }

  return {
    added: async (change: ChatChange): Promise<void> => {
      if (!(await committer.write('job', (trx) => isLatest(trx, change, clock.now())))) return;
      const target = await here(addressOf(change.chat), change.name);
      if (target.pending) await ask(target);
    },
    removed: async (change: ChatChange): Promise<void> => {
      const target = await targets.byAddress(CHANNEL, addressOf(change.chat));
      if (target === undefined) return;
      await committer.write('job', async (trx) => {
        if (!(await isLatest(trx, change, clock.now())) || target.state === 'dead') return;
        await killTarget(trx, target.id, 'the bot was removed from the chat', clock.now());
        trx.hint({ kind: 'target', id: target.id });
      });
    },
    /** What the platform lists at start: chats we were added to while away, or long before there was Zhiban. */
    found: async (chats: readonly { readonly chatId: string; readonly name: string }[]): Promise<void> => {
      const all: Target[] = [];
      for (const { chatId, name } of chats) all.push(await here(chatId, name)); // oxlint-disable-line no-await-in-loop -- a row each, at start
      const waiting = all.filter(({ pending }) => pending);
      if (waiting.length <= MOST_ASKED) await Promise.all(waiting.map(ask));
    },
  };
}

/** Whether nothing later is known of the chat: a removal told again for hours must not undo that we are back. */
async function isLatest(trx: Trx, { chat, at }: ChatChange, now: EpochMs): Promise<boolean> {
  // A time to come, once remembered, would outlast all that follows.
  if (at === undefined || at > now + AHEAD_MS) return true;
  const fact = `chat_changed:${chat}`;
  if (Number(await readFact(trx, fact)) > at) return false;
  await writeFact(trx, fact, String(at));
  return true;
}
