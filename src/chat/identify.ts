import type { Inbound } from '../channels/channel.ts';
import { readAddress } from '../operations/address.ts';
import type { Context, Right } from '../operations/operation.ts';
import type { Operator } from '../operations/operators-port.ts';
import type { Target } from '../operations/targets-port.ts';
import type { ChatDeps } from './ports.ts';

export interface Identity {
  readonly context: Context;
  /** The row of this chat, also while it is pending. */
  readonly target: Target | undefined;
}

type Needs = Pick<ChatDeps, 'operators' | 'targets' | 'preferences' | 'config' | 'clock'>;

/** Who speaks, where, and what that person may do; from ids that the platform vouches for and our own rows only. */
export async function identify(inbound: Inbound, traceId: string, deps: Needs): Promise<Identity> {
  const { channel, sender, chat } = inbound;
  const actorId = `${channel}:${sender.id}`;
  const where = readAddress(chat);
  const [operator, target, preferred] = await Promise.all([
    deps.operators.byExternalId(actorId),
    where === undefined ? undefined : deps.targets.byAddress(where.channel, where.address),
    deps.preferences.locale(actorId),
  ]);
  const allowed = target !== undefined && target.enabled && !target.pending ? target : undefined;
  const context: Context = {
    actor: { id: actorId, name: operator?.name ?? sender.name, via: channel },
    right: await rightOf(operator, allowed, channel, deps),
    locale: preferred ?? operator?.locale ?? target?.locale ?? inbound.locale ?? deps.config.locale,
    timezone: target?.timezone ?? deps.config.timezone,
    traceId,
    inboundKey: `${channel}:${inbound.id}`,
    chat,
    ...(inbound.direct ? { direct: true } : {}),
    ...(allowed === undefined ? {} : { targetId: allowed.id }),
    ...(inbound.kind === 'press' ? { messageRef: inbound.messageRef } : {}),
    ...(inbound.kind === 'press' && inbound.unanswered !== true ? { pressed: true } : {}),
    ...(inbound.kind === 'message' && inbound.inReplyTo !== undefined ? { messageRef: inbound.inReplyTo } : {}),
    ...(inbound.kind === 'message' && inbound.thread !== undefined ? { thread: inbound.thread } : {}),
    ...(operator === undefined ? {} : { operatorId: operator.id }),
    actorIds: [...new Set([actorId, ...(operator?.ids ?? []), ...(operator === undefined ? [] : [operator.id])])],
    now: deps.clock.now(),
  };
  return { context, target };
}

/** A named person's role; in a target's chat everybody is a responder until somebody is named on that channel. */
async function rightOf(
  operator: Operator | undefined,
  allowed: Target | undefined,
  channel: string,
  { operators }: Needs,
): Promise<Right> {
  if (operator !== undefined) return operator.role;
  if (allowed === undefined) return 'guest';
  return (await operators.anyNamed('responder', channel)) ? 'reader' : 'responder';
}
