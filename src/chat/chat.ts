import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { InboundPress, PressAnswer, Receive } from '../channels/channel.ts';
import { operationTexts } from '../cards/texts/operations.ts';
import type { Outcome } from '../operations/operation.ts';
import { withTrace } from '../telemetry/log.ts';
import { answerTo } from './answer.ts';
import { createHear } from './hear.ts';
import { type Identity, identify } from './identify.ts';
import type { ChatDeps } from './ports.ts';
import { readPress, toastOf } from './press.ts';

/**
 * What people say and press, from every channel. Messages are answered durably through the outbox; a press is answered
 * within the platform's deadline, and what is not done by then goes on and shows on the card.
 */
export function createChat(deps: ChatDeps): Receive {
  const hear = createHear(deps);
  const running = new Map<string, Promise<PressAnswer>>();

  return {
    message: hear,
    press: (inbound) => {
      const key = `${inbound.channel}:${inbound.id}`;
      const same = running.get(key);
      if (same !== undefined) return same;
      const trace = { trace_id: randomUUID() };
      const answer = withTrace(trace, () => withinDeadline(press(inbound, trace.trace_id, deps), inbound, deps));
      running.set(key, answer);
      const forget = (): boolean => running.delete(key);
      answer.then(forget, forget);
      return answer;
    },
  };
}

async function press(inbound: InboundPress, traceId: string, deps: ChatDeps): Promise<PressAnswer> {
  const identity = await identify(inbound, traceId, deps);
  const pressed = readPress(inbound, deps.operations, identity.context);
  const outcome =
    'refusal' in pressed ? pressed.refusal : await deps.perform(pressed.operation, pressed.input, identity.context);
  await announce(inbound, outcome, identity, deps);
  const card = await cardFor(inbound, outcome, identity, deps);
  return { toast: toastOf(outcome), ...(card === undefined ? {} : { card }) };
}

/** What the others in the chat should see too, such as a silence with its undo. */
async function announce(inbound: InboundPress, outcome: Outcome, identity: Identity, { inbox }: ChatDeps) {
  const { context, target } = identity;
  if (!outcome.ok || outcome.answer.announce !== true || target === undefined) return;
  const locale = target.locale ?? context.locale;
  const message = answerTo(inbound, outcome, { ...context, locale }, target.id);
  await inbox.settle(`press:${inbound.channel}`, inbound.id, [message]);
}

/**
 * The card everybody sees, so in the chat's language; also after a refusal, because then the shown one is old. Only
 * where the incident's own card was pressed: the answer replaces that message, which may be a storm or a list.
 */
async function cardFor({ messageRef }: InboundPress, { incidentId }: Outcome, { target }: Identity, deps: ChatDeps) {
  if (incidentId === undefined || target === undefined) return undefined;
  try {
    const pressed = await deps.incidents.ofCard(target.id, messageRef);
    return pressed === incidentId ? await deps.cardOf(incidentId, target) : undefined;
  } catch (err) {
    deps.log.warn({ action: 'press_card_failed', err, incident: incidentId }, 'the answer goes without its card');
    return undefined;
  }
}

/** The platform shows an error to the person when we are late; the work itself goes on. */
async function withinDeadline(work: Promise<PressAnswer>, inbound: InboundPress, deps: ChatDeps): Promise<PressAnswer> {
  const t = operationTexts(inbound.locale ?? deps.config.locale).refused;
  const timer = new AbortController();
  const late = sleep(deps.config.pressDeadlineMs, undefined, { signal: timer.signal }).then(
    (): PressAnswer => ({ toast: { tone: 'info', text: t.working } }),
    () => work,
  );
  const safe = work.catch((err: unknown): PressAnswer => {
    deps.log.error({ action: 'press_failed', err, channel: inbound.channel }, 'a press could not be carried out');
    return { toast: { tone: 'error', text: t.unavailable } };
  });
  try {
    return await Promise.race([safe, late]);
  } finally {
    timer.abort();
  }
}
