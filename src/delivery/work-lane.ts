import type { Channel, Paged, Sent, Shown } from '../channels/channel.ts';
import type { AppGates } from './app-gates.ts';
import type { createBell } from './bell.ts';
import { call } from './call.ts';
import { type Lane, spend } from './lanes.ts';
import type { MessagePlan } from './messages.ts';
import { pageBy } from './paging.ts';
import type { Persist } from './persist.ts';
import type { ShowPlan } from './plan.ts';
import { reportSend, reportShow } from './reporting.ts';
import type { RoundDeps } from './round-deps.ts';
import type { Claimed } from './round.ts';
import { type Ended, type Settled, settleSend, settleShow, verdictOfSend, verdictOfShow } from './settle.ts';

export interface LaneDeps extends RoundDeps {
  readonly bell: ReturnType<typeof createBell>;
  readonly gates: AppGates;
  readonly persist: Persist;
}

/** Starts every call that a round claimed; none of them is waited for. */
export function startCalls(claimed: Claimed, deps: LaneDeps): void {
  const { lanes, channels, clock, bell, gates } = deps;
  const now = clock.now();
  for (const { key, until } of claimed.shut) gates.shut(key, until);
  for (const target of claimed.targets) {
    const channel = channels.get(target.channel);
    if (channel === undefined) continue;
    const lane = lanes.open(target, channel, now);
    const shows = claimed.shows.filter((plan) => plan.target.id === target.id);
    const sends = claimed.sends.filter((plan) => plan.target.id === target.id);
    spend(lane, shows.length + sends.length, now);
    for (const plan of shows)
      start(lane, `placement:${plan.placement.subjectId}`, () => show(plan, lane, claimed, deps), deps);
    for (const plan of sends) start(lane, `message:${plan.row.id}`, () => send(plan, lane, claimed, deps), deps);
    lane.crowded = claimed.crowded.includes(target.id);
    // Settled without a call, or still some room: what found none before may find it now.
    if (lane.crowded) bell.ring(target.id);
  }
}

function start(
  lane: Lane,
  key: string,
  work: () => Promise<Settled | undefined>,
  { bell, gates, log }: LaneDeps,
): void {
  const run = async (): Promise<void> => {
    let settled: Settled | undefined;
    try {
      settled = await work();
    } catch (err) {
      log.error({ action: 'delivery_failed', target: lane.target.id, err }, 'a result could not be written');
    }
    lane.inFlight.delete(key);
    if (settled !== undefined) lane.pausedUntil = Math.max(lane.pausedUntil, settled.pausedUntil);
    if (settled?.shut !== undefined) gates.shut(settled.shut.key, settled.shut.until);
    if (settled?.again === true || lane.crowded) bell.ring(lane.target.id);
  };
  // Not before it is listed: a call that ends at once must find itself there.
  lane.inFlight.set(key, Promise.resolve().then(run));
}

async function show(plan: ShowPlan, lane: Lane, claimed: Claimed, deps: LaneDeps): Promise<Settled | undefined> {
  const { channel } = lane;
  const startedAt = deps.clock.now();
  const result = await call<Shown>((signal) => channel.show(plan.request, signal), channel.callTimeoutMs);
  const ended: Ended<ShowPlan, Shown> = { plan, token: claimed.token, startedAt, result };
  const verdict = verdictOfShow(ended, deps);
  const settled = await deps.persist((trx) => settleShow(trx, ended, verdict, deps));
  reportShow(ended, verdict, channel, deps);
  await greet(settled, plan.target, deps);
  return settled;
}

async function send(plan: MessagePlan, lane: Lane, claimed: Claimed, deps: LaneDeps): Promise<Settled | undefined> {
  const { channel } = lane;
  const startedAt = deps.clock.now();
  const result = await call<Sent & Partial<Paged>>((signal) => sendBy(channel, plan, signal), channel.callTimeoutMs);
  const ended: Ended<MessagePlan, Sent & Partial<Paged>> = { plan, token: claimed.token, startedAt, result };
  const verdict = verdictOfSend(ended, deps);
  const settled = await deps.persist((trx) => settleSend(trx, ended, verdict, deps));
  reportSend(ended, verdict, channel, deps);
  await greet(settled, plan.target, deps);
  return settled;
}

function sendBy(channel: Channel, plan: MessagePlan, signal: AbortSignal): Promise<Sent & Partial<Paged>> {
  switch (plan.kind) {
    case 'point':
      return channel.show(plan.request, signal);
    case 'page':
      return pageBy(channel, plan.request, signal);
    case 'send':
      break;
  }
  return channel.send(plan.message, signal);
}

/** A dead target that answered: whoever was told of its death hears that it lives. */
async function greet(settled: Settled | undefined, target: ShowPlan['target'], deps: LaneDeps): Promise<void> {
  if (settled?.revived !== true) return;
  try {
    await deps.onTargetAlive(target);
  } catch (err) {
    deps.log.error({ action: 'target_alive', target: target.id, err }, 'could not report that a target works again');
  }
}
