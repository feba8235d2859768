import { clean } from '../cards/clean.ts';
import { texts } from '../cards/texts/texts.ts';
import { incidentCard } from '../cards/incident-card.ts';
import type { Card } from '../cards/card.ts';
import type { Channel, Message, PageRequest, ShowRequest } from '../channels/channel.ts';
import type { Trx } from '../store/database.ts';
import type { EpochMs } from '../types.ts';
import { needsNewCard } from './attention.ts';
import { lostItsParent } from './judge-send.ts';
import type { PagePayload } from './page-ports.ts';
import { planPage } from './paging.ts';
import type { MessagePayload, OutboxRow } from './outbox.ts';
import type { RoundDeps } from './round-deps.ts';
import { contextOf } from './context.ts';
import { isPastEditing } from './step.ts';
import type { Target } from './target-ports.ts';

/** A one-shot call to make. */
export type MessagePlan = { readonly row: OutboxRow; readonly target: Target } & (
  | { readonly kind: 'send'; readonly message: Message }
  | { readonly kind: 'point'; readonly request: ShowRequest }
  | { readonly kind: 'page'; readonly request: PageRequest; readonly payload: PagePayload }
);

export type PagePlan = Extract<MessagePlan, { kind: 'page' }>;

/** What the claimed messages need called; those whose time is over, or whose card is to ring instead, are settled. */
export async function planSends(
  trx: Trx,
  rows: readonly OutboxRow[],
  targets: ReadonlyMap<string, Target>,
  deps: RoundDeps,
  token: string,
  now: EpochMs,
): Promise<readonly MessagePlan[]> {
  const plans: MessagePlan[] = [];
  for (const row of rows) {
    const target = targets.get(row.targetId);
    const channel = target === undefined ? undefined : deps.channels.get(target.channel);
    if (target === undefined || channel === undefined) continue;
    if (row.expiresAt !== undefined && row.expiresAt <= now) {
      await deps.store.changeMessage(trx, row.id, token, { state: 'expired', settledAt: now });
    } else if (row.kind === 'attention' && needsNewCard(row.after, channel, now)) {
      await ringByCard(trx, row, target, deps, token, now);
    } else if (row.payload.kind === 'page') {
      const page = await planPage(trx, { row, payload: row.payload, target, channel, token, now }, deps);
      if (page !== undefined) plans.push(page);
    } else {
      plans.push(planMessage(row, row.payload, target, channel, deps, now));
    }
  }
  return plans;
}

type OneShot = Exclude<MessagePayload, PagePayload>;

function planMessage(
  row: OutboxRow,
  payload: OneShot,
  target: Target,
  channel: Channel,
  deps: RoundDeps,
  now: EpochMs,
): MessagePlan {
  const { locale } = contextOf(target, deps);
  const edited = editOf(row, payload, target);
  if (edited !== undefined) return { kind: 'point', row, target, request: edited };
  const under = channel.threads === undefined ? row.replyTo : (row.replyTo ?? row.after?.ref);
  const fresh = row.replyContextUntil === undefined || row.replyContextUntil > now;
  const alone = lostItsParent(row);
  const message: Message = {
    key: row.id,
    address: target.address,
    locale: payload.locale ?? locale,
    content: payload.kind === 'message' ? payload.content : { kind: 'card', card: firstOf(payload) },
    mentions: row.mentions,
    ...(under === undefined || alone ? {} : { replyTo: under }),
    ...(row.replyContext === undefined || !fresh || alone ? {} : { replyContext: row.replyContext }),
  };
  return { kind: 'send', row, target, message };
}

/** The edit of a message that is there already; none for one that is yet to be sent. */
function editOf(row: OutboxRow, payload: OneShot, target: Target): ShowRequest | undefined {
  const ref = payload.kind === 'pointer' ? payload.ref : row.ref;
  if (payload.kind === 'message' || ref === undefined) return undefined;
  const { card, locale } = payload;
  return { key: row.id, address: target.address, locale, card, previous: { ref }, changes: ['other'] };
}

const firstOf = (payload: Exclude<OneShot, { kind: 'message' }>): Card =>
  payload.kind === 'growing' ? payload.first : payload.card;

/** A new card is posted and the old one points to it, where a reply would not be seen. */
async function ringByCard(
  trx: Trx,
  row: OutboxRow,
  target: Target,
  deps: RoundDeps,
  token: string,
  now: EpochMs,
): Promise<void> {
  const { store } = deps;
  const { after, afterSubject } = row;
  if (after?.ref === undefined || afterSubject === undefined) return;
  await store.reissue(trx, { subjectId: afterSubject, targetId: target.id }, after.generation);
  await store.changeMessage(trx, row.id, token, { state: 'sent', settledAt: now, response: 'new card' });
  trx.hint({ kind: 'target', id: target.id });
  if (isPastEditing(after, now)) return;
  const view = (await store.incidentViews(trx, [afterSubject])).get(afterSubject);
  if (view === undefined) return;
  const context = contextOf(target, deps);
  const card = pointerCard(incidentCard(view, context), texts(context.locale).card.movedDown);
  const payload = { kind: 'pointer', ref: after.ref, card, locale: context.locale } as const;
  await store.enqueue(
    trx,
    { targetId: target.id, kind: 'pointer', incidentId: afterSubject, payload, afterSubject },
    now,
  );
}

const pointerCard = ({ title, subtitle }: Card, words: string): Card => ({
  tone: 'neutral',
  title: clean(title, 90),
  ...(subtitle === undefined ? {} : { subtitle }),
  tags: [],
  blocks: [{ kind: 'note', text: [{ text: words }] }],
});
