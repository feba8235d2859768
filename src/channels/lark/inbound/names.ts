import type { InboundMessage, InboundPress } from '../../channel.ts';
import type { LarkInboundDeps } from './ports.ts';
import { within } from './within.ts';

/** A name is decoration: nobody waits for it longer than this. */
const NAME_MS = 150;

/** The sender's name; the id where nobody knows one in time. Bots are never answered and keep their id. */
export async function nameOf(
  { sender, chat }: InboundMessage | InboundPress,
  { nameOf: ask }: Pick<LarkInboundDeps, 'nameOf'>,
): Promise<string> {
  if (ask === undefined || sender.bot) return sender.id;
  const asked = ask(sender.id, chat).catch(() => undefined);
  return (await within(asked, NAME_MS, undefined)) ?? sender.id;
}
