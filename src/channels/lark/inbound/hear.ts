import { PlatformUnavailable } from '../../../errors.ts';
import { readMessage } from './decode-message.ts';
import type { LarkEvent } from './envelope.ts';
import { nameOf } from './names.ts';
import type { LarkInboundDeps, Places } from './ports.ts';

/**
 * Hands a message on, with its sender's name and the card it is about. Resolves with why it is nothing to us; rejects
 * when it could not be stored, or when nobody can say yet whether it is ours.
 */
export async function hear(event: LarkEvent, deps: LarkInboundDeps): Promise<string | undefined> {
  const read = readMessage(event, deps.clock.now(), deps);
  if ('ignored' in read) return read.ignored;
  const { message, refs } = read;
  // Before we know our id, a mention of us looks like one of another bot: refused, it comes again when we know.
  if (message.forOther && deps.bot().openId === undefined)
    throw new PlatformUnavailable('the platform has not told yet who we are', false);
  const [name, inReplyTo] = await Promise.all([nameOf(message, deps), meantBy(refs, deps.places)]);
  await deps.receive.message({
    ...message,
    sender: { ...message.sender, name },
    ...(inReplyTo !== undefined && { inReplyTo }),
  });
  return undefined;
}

/** Of the message replied to and the thread's first one, the one that is about an incident; else the thread's. */
async function meantBy([parent, root]: readonly string[], places: Places): Promise<string | undefined> {
  if (parent === undefined || root === undefined || parent === root) return parent;
  return (await places.ofMessage(parent))?.incidentId === undefined ? root : parent;
}
