import { announcement } from '../cards/announcement.ts';
import type { Message } from '../channels/channel.ts';
import type { Incident } from '../incident/incident.ts';
import type { Trx } from '../store/database.ts';
import type { EpochMs } from '../types.ts';
import { type Ringing, decideRinging } from './attention.ts';
import type { DeliveryDeps } from './ports.ts';
import { contextOf } from './context.ts';
import type { Placement, PlacementChange } from './placement.ts';
import type { Target } from './target-ports.ts';

/** A placement shows its incident's present state: has it rung enough? */
export interface News {
  readonly placement: Placement;
  readonly target: Target;
  readonly incident?: Incident;
  /** The incident's `ring` as shown. */
  readonly ring: number;
  /** A new message appeared. */
  readonly posted: boolean;
  readonly mentions: Message['mentions'];
}

/** Whether and when this deserves an announcement, and what to remember of it on the placement. */
export function ringingOf(news: News, now: EpochMs): { readonly ringing: Ringing; readonly rung: Rung } {
  const { placement, incident, mentions } = news;
  if (incident === undefined) return { ringing: { kind: 'none' }, rung: {} };
  const ringing = decideRinging(placement, incident, news, mentions.length, now);
  if (ringing.kind === 'none') return { ringing, rung: {} };
  // Only announcements keep others waiting: a quick recovery may be told as soon as it is seen.
  const rungAt = ringing.kind === 'announce' ? { rungAt: ringing.notBefore } : {};
  return { ringing, rung: { rung: news.ring, ...rungAt } };
}

type Rung = Pick<PlacementChange, 'rung' | 'rungAt'>;

/** The newest announcement takes the place of one that still waits. */
export async function announce(
  trx: Trx,
  { placement, target, incident, mentions }: News,
  ringing: Ringing,
  { store, config }: Pick<DeliveryDeps, 'store' | 'config'>,
  now: EpochMs,
): Promise<void> {
  if (ringing.kind !== 'announce' || incident === undefined) return;
  const { notBefore } = ringing;
  const context = contextOf(target, { config });
  const text = announcement({ incident, reason: incident.ringReason, mentions }, context);
  await store.dropAttention(trx, placement, now);
  const message = {
    targetId: target.id,
    kind: 'attention',
    event: incident.ringReason,
    incidentId: incident.id,
    payload: { kind: 'message', content: { kind: 'text', text }, locale: context.locale },
    mentions,
    afterSubject: incident.id,
    notBefore,
  } as const;
  await store.enqueue(trx, message, now);
}
