import { type PageTrouble, pageNotice } from '../cards/page-notice.ts';
import type { Channel, Paged, PageRequest, Sent } from '../channels/channel.ts';
import { MessageGone, PageRefused, PlatformUnavailable, TargetGone } from '../errors.ts';
import type { Trx } from '../store/database.ts';
import type { EpochMs } from '../types.ts';
import { backoffMs } from './backoff.ts';
import { contextOf } from './context.ts';
import type { PagePlan } from './messages.ts';
import { judgeSend } from './judge-send.ts';
import { type CallResult, type Verdict, isUnknown } from './outcome.ts';
import { RANKS } from './ordering.ts';
import type { PagePayload } from './page-ports.ts';
import type { NewMessage, OutboxChange, OutboxRow } from './outbox.ts';
import type { RoundDeps } from './round-deps.ts';
import type { Target } from './target-ports.ts';

interface PageRow {
  readonly row: OutboxRow;
  readonly payload: PagePayload;
  readonly target: Target;
  readonly channel: Channel;
  /** Of the claim. */
  readonly token: string;
  readonly now: EpochMs;
}

/** The call to make. Undefined: settled without one, since nobody need or nobody can be called. */
export async function planPage(trx: Trx, page: PageRow, deps: RoundDeps): Promise<PagePlan | undefined> {
  const { row, payload, target, channel, token, now } = page;
  const { store } = deps;
  const settle = (change: OutboxChange) => store.changeMessage(trx, row.id, token, { ...change, settledAt: now });
  const wanted = row.incidentId !== undefined && (await store.pageWanted(trx, row.incidentId, now));
  if (!wanted || channel.page === undefined) {
    await settle({
      state: 'expired',
      lastError: wanted ? 'this channel cannot page' : 'nobody need be paged any more',
    });
    return undefined;
  }
  const ref = row.after?.ref;
  if (ref !== undefined && row.mentions.length > 0) {
    const people = row.mentions.map(({ id }) => id);
    return {
      kind: 'page',
      row,
      target,
      payload,
      request: { address: target.address, ref, step: payload.step, people },
    };
  }
  const trouble: PageTrouble = { fault: row.mentions.length === 0 ? 'nobody' : 'no_card' };
  await settle({ state: 'dead', lastError: trouble.fault });
  await report(trx, { row, payload, target }, { reached: [], refused: [], trouble }, deps, now);
  return undefined;
}

/** Delivery's calls resolve with a message's ref; a page has that of its card. */
export async function pageBy(channel: Channel, request: PageRequest, signal: AbortSignal): Promise<Sent & Paged> {
  if (channel.page === undefined) throw new PlatformUnavailable(`${channel.name} cannot page`, false);
  return { ref: request.ref, ...(await channel.page(request, signal)) };
}

/** Begins the last error of a page whose outcome was unknown once. */
const DOUBT = 'maybe paged: ';

/**
 * What to write after paging. What cannot succeed is not tried again. After an unknown outcome it is tried once more,
 * since a page too many is better than none; after the second it is not, or a platform that answers too late would let
 * somebody's phone ring for ever.
 */
export function judgePage(
  row: OutboxRow,
  failures: number,
  result: CallResult<Sent>,
  now: EpochMs,
  random: () => number,
): Verdict<OutboxChange> {
  const verdict = judgeSend(row, failures, result, now, random);
  if (result.ok) return verdict;
  const { error } = result;
  const attempts = row.attempts + 1;
  const over: OutboxChange = { ...verdict.change, state: 'dead', attempts, settledAt: now };
  if (error instanceof PageRefused) return { ...verdict, change: over, lane: { kind: 'none' } };
  if (error instanceof TargetGone) return { ...verdict, change: over };
  const doubted = row.abandoned || row.lastError?.startsWith(DOUBT) === true;
  const unknown = isUnknown(error);
  if (unknown && doubted) return { ...verdict, change: over };
  const { change } = verdict;
  if (error instanceof MessageGone && change.state === 'due') {
    return { ...verdict, change: { ...change, notBefore: now + backoffMs(attempts, random) } };
  }
  return unknown || doubted
    ? { ...verdict, change: { ...change, lastError: `${DOUBT}${change.lastError ?? ''}`.slice(0, 500) } }
    : verdict;
}

/** Tells what came of it once it is settled. A card that is gone is posted anew, and the page follows it. */
export async function settlePage(
  trx: Trx,
  plan: PagePlan,
  result: CallResult<Sent & Partial<Paged>>,
  change: OutboxChange,
  deps: RoundDeps,
): Promise<void> {
  const { row, target } = plan;
  if (change.state === 'due') {
    const gone = !result.ok && result.error instanceof MessageGone;
    if (!gone || row.afterSubject === undefined || row.after === undefined) return;
    return deps.store.reissue(trx, { subjectId: row.afterSubject, targetId: target.id }, row.after.generation);
  }
  const refused = result.ok ? (result.value.refused ?? []) : [];
  const outcome = {
    reached: result.ok ? row.mentions.filter(({ id }) => !refused.includes(id)) : [],
    refused: row.mentions.filter(({ id }) => refused.includes(id)),
    ...(!result.ok && { trouble: troubleOf(result.error) }),
  };
  await report(trx, plan, outcome, deps, deps.clock.now());
}

function troubleOf(error: unknown): PageTrouble {
  const said = { detail: error instanceof Error ? error.message : String(error) };
  if (error instanceof PageRefused) return { ...said, fault: error.fault, ...(error.needs && { needs: error.needs }) };
  if (error instanceof MessageGone) return { ...said, fault: 'no_card' };
  if (error instanceof TargetGone) return { ...said, fault: 'gone' };
  return { ...said, fault: isUnknown(error) ? 'unknown' : 'other' };
}

interface Outcome {
  readonly reached: OutboxRow['mentions'];
  readonly refused: OutboxRow['mentions'];
  /** Why nobody was reached. */
  readonly trouble?: PageTrouble;
}

const names = (people: OutboxRow['mentions']): string => people.map(({ name }) => name).join(', ');

/** A line in the incident's story; what somebody has to mend is also said below the card. */
async function report(
  trx: Trx,
  { row, payload, target }: Pick<PagePlan, 'row' | 'payload' | 'target'>,
  { reached, refused, trouble }: Outcome,
  deps: RoundDeps,
  now: EpochMs,
): Promise<void> {
  const { incidentId } = row;
  if (incidentId === undefined) return;
  await deps.tellPaged(trx, incidentId, {
    kind: 'paged',
    step: payload.step,
    target: target.name,
    ...(reached.length > 0 && { people: names(reached) }),
    ...(refused.length > 0 && { refused: names(refused) }),
    ...(trouble && { fault: trouble.fault, ...(trouble.detail && { detail: trouble.detail.slice(0, 300) }) }),
  });
  const found: PageTrouble | undefined = refused.length > 0 ? { fault: 'people' } : trouble;
  if (found === undefined || UNSAID.has(found.fault)) return;
  const mentions = trouble === undefined ? [] : row.mentions;
  const notice = noticeOf({ incidentId, target, payload, trouble: found, refused, mentions }, deps);
  await deps.store.enqueue(trx, notice, now);
}

interface Failed extends Pick<Outcome, 'refused'> {
  readonly incidentId: string;
  readonly target: Target;
  readonly payload: PagePayload;
  readonly trouble: PageTrouble;
  /** Called by the message itself. */
  readonly mentions: OutboxRow['mentions'];
}

/** Below the card, once for a trouble while nobody acknowledges. */
function noticeOf({ incidentId, target, payload, trouble, refused, mentions }: Failed, deps: RoundDeps): NewMessage {
  const { step, since } = payload;
  const context = contextOf(target, deps);
  const text = pageNotice({ step, trouble, refused: refused.map(({ name }) => name), mentions }, context);
  const about = ABOUT_PEOPLE.has(trouble.fault) ? refused.map(({ id }) => id).join() : step;
  return {
    targetId: target.id,
    kind: 'event',
    event: 'page_failed',
    incidentId,
    priority: RANKS.attention,
    payload: { kind: 'message', content: { kind: 'text', text }, locale: context.locale },
    mentions,
    afterSubject: incidentId,
    dedupeKey: `page_failed:${incidentId}:${since}:${target.id}:${trouble.fault}:${about}`,
  };
}

/**
 * Not said in the chat: one without a card of its own is one of many in a storm, where a message for each would be the
 * next storm; and of a chat that is gone, others are told.
 */
const UNSAID: ReadonlySet<PageTrouble['fault']> = new Set(['no_card', 'gone']);

/** The same at every step: said once. */
const ABOUT_PEOPLE: ReadonlySet<PageTrouble['fault']> = new Set(['nobody', 'people']);
