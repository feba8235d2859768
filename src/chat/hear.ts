import { randomUUID } from 'node:crypto';
import type { InboundMessage } from '../channels/channel.ts';
import { answerTexts } from '../cards/texts/answers.ts';
import { operationTexts } from '../cards/texts/operations.ts';
import { readAddress } from '../operations/address.ts';
import { refuse } from '../operations/answers.ts';
import { type Middleware, compose } from '../operations/compose.ts';
import type { Context, Outcome } from '../operations/operation.ts';
import type { Target } from '../operations/targets-port.ts';
import { withTrace } from '../telemetry/log.ts';
import { hearBot } from './alert-bots.ts';
import { answerTo } from './answer.ts';
import { type Identity, identify } from './identify.ts';
import type { ChatDeps, Work } from './ports.ts';
import { type Reading, createReader } from './read-command.ts';
import { understand } from './which-incident.ts';

interface Heard {
  readonly inbound: InboundMessage;
  readonly traceId: string;
  identity?: Identity;
  reading?: Reading;
  outcome?: Outcome;
  work?: Work;
}

/** One message from a chat to its durable answer. Reads as the policy; throws only what the world did. */
export function createHear(deps: ChatDeps): (inbound: InboundMessage) => Promise<void> {
  const run = compose<Heard>(
    traced,
    oursOnly(deps),
    deduplicated(deps),
    identified(deps),
    withoutBots(deps),
    answered(deps),
    routed(deps),
  );
  // A NUL or half a character is nothing anybody typed, and not every database takes it.
  const storable = (text: string): string => text.replaceAll('\0', '').toWellFormed();
  return (inbound) => run({ inbound: { ...inbound, text: storable(inbound.text) }, traceId: randomUUID() });
}

const traced: Middleware<Heard> = ({ traceId }, next) => withTrace({ trace_id: traceId }, next);

/** A message that calls another bot, or that says nothing to us, costs no query. Bots are heard for alerts. */
function oursOnly({ operations }: ChatDeps): Middleware<Heard> {
  const read = createReader(operations);
  return (heard, next) => {
    const { inbound } = heard;
    if (inbound.forOther) return undefined;
    heard.reading = read(inbound.text, inbound.addressed || inbound.direct);
    return inbound.sender.bot || heard.reading.kind !== 'nothing' ? next() : undefined;
  };
}

/** Platforms deliver again when in doubt: what was answered is not done twice, nor what is being done now. */
function deduplicated({ inbox }: ChatDeps): Middleware<Heard> {
  const running = new Map<string, Promise<void>>();
  const once = async ({ inbound }: Heard, next: () => Promise<void>): Promise<void> => {
    if (!(await inbox.seen(sourceOf(inbound), inbound.id))) await next();
  };
  return (heard, next) => {
    const key = `${heard.inbound.channel}:${heard.inbound.id}`;
    // The second one ends as the first does: whoever is told that it was taken in may forget it.
    const same = running.get(key);
    if (same !== undefined) return same;
    const work = once(heard, next).finally(() => running.delete(key));
    running.set(key, work);
    return work;
  };
}

const sourceOf = ({ channel }: InboundMessage): string => `message:${channel}`;

const identified =
  (deps: ChatDeps): Middleware<Heard> =>
  async (heard, next) => {
    heard.identity = await identify(heard.inbound, heard.traceId, deps);
    await next();
  };

/** Bots are never answered: two bots would talk for ever. */
const withoutBots =
  (deps: ChatDeps): Middleware<Heard> =>
  async ({ inbound, identity }, next) => {
    if (!inbound.sender.bot) return next();
    await hearBot(inbound, identity?.context.targetId, deps);
    await deps.inbox.settle(sourceOf(inbound), inbound.id, []);
  };

/** The mark that it was taken in and the answer are one transaction. */
const answered =
  (deps: ChatDeps): Middleware<Heard> =>
  async (heard, next) => {
    await next();
    const { inbound, identity, outcome, work } = heard;
    const source = sourceOf(inbound);
    if (work !== undefined) return deps.inbox.settle(source, inbound.id, work.messages, work.due);
    if (identity === undefined || outcome === undefined) return;
    const lane = identity.target ?? (await laneFor(inbound, deps));
    const answers = lane === undefined ? [] : [answerTo(inbound, outcome, identity.context, lane.id)];
    await deps.inbox.settle(source, inbound.id, answers);
  };

/** A chat nobody allowed yet still gets answers: a pending target is a lane without incidents. */
function laneFor({ chat }: InboundMessage, { targets }: ChatDeps): Promise<Target> | undefined {
  const where = readAddress(chat);
  return where === undefined ? undefined : targets.ensure(where.channel, where.address, { pending: true });
}

const routed =
  (deps: ChatDeps): Middleware<Heard> =>
  async (heard) => {
    const { inbound, identity, reading } = heard;
    if (identity === undefined || reading === undefined || reading.kind === 'nothing') return;
    if (reading.kind !== 'words') {
      heard.outcome = await outcomeOf(reading, inbound, identity.context, deps);
      return;
    }
    const asked = await ask(reading, inbound, identity, deps);
    if ('due' in asked) heard.work = asked;
    else heard.outcome = asked;
  };

/** Questions are for those who may read here, and for a model. */
async function ask(
  { text, near }: Extract<Reading, { kind: 'words' }>,
  inbound: InboundMessage,
  { context, target }: Identity,
  deps: ChatDeps,
): Promise<Outcome | Work> {
  const t = operationTexts(context.locale).refused;
  const lane = target ?? (await laneFor(inbound, deps));
  const heard = context.right !== 'guest' && lane !== undefined;
  const asked = heard ? await deps.ask?.(text, inbound, context, lane.id) : undefined;
  if (asked !== undefined) return typeof asked === 'string' ? refuse('unavailable', asked) : asked;
  const words = t.notUnderstood(near);
  return refuse('not_found', heard ? `${words} ${answerTexts(context.locale).needsModel}` : words);
}

async function outcomeOf(
  reading: Exclude<Reading, { kind: 'nothing' | 'words' }>,
  inbound: InboundMessage,
  context: Context,
  deps: ChatDeps,
): Promise<Outcome> {
  const t = operationTexts(context.locale).refused;
  if (reading.kind === 'unknown') return refuse('not_found', t.unknownCommand(reading.word, reading.near));
  const { operation, rest } = reading;
  const said = { channel: inbound.channel, mentions: inbound.mentions };
  // Who may not even look learns that first, not which incidents there are.
  if (context.right === 'guest' && operation.right !== 'guest') return deps.perform(operation, {}, context);
  const understood = await understand(operation, rest, said, context, deps.incidents);
  return 'refusal' in understood ? understood.refusal : deps.perform(operation, understood.input, context);
}
