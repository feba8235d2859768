import type { CardContext } from '../cards/view.ts';
import type { Channel, Message, ShowRequest } from '../channels/channel.ts';
import type { Incident } from '../incident/incident.ts';
import type { EpochMs } from '../types.ts';
import { type RenderedSubject, type Subject, renderSubject } from './render.ts';
import { decideStep } from './step.ts';
import type { PendingPost, Placement, PlacementChange } from './placement.ts';
import type { Target } from './target-ports.ts';

/** A call to make, and everything its result needs to be written. */
export interface ShowPlan {
  readonly kind: 'show';
  readonly placement: Placement;
  readonly target: Target;
  readonly verb: 'post' | 'edit';
  readonly request: ShowRequest;
  /** What the call shows; written only if it succeeds and the lease still is ours. */
  readonly revision: number;
  readonly post: PendingPost;
  /** An earlier try of this very post may have arrived. */
  readonly repeat: boolean;
  readonly incident?: Incident;
  readonly mentions: Message['mentions'];
}

/** What a claimed placement comes to: a call, or a change of its row that needs none. */
export type Plan =
  | ShowPlan
  | {
      readonly kind: 'record';
      readonly placement: Placement;
      readonly target: Target;
      readonly rendered: RenderedSubject;
      readonly incident?: Incident;
    }
  | { readonly kind: 'change'; readonly placement: Placement; readonly change: PlacementChange }
  | { readonly kind: 'reissue'; readonly placement: Placement };

/** The last error of a placement whose card the platform refused: it is offered once more in plain words. */
export const REFUSED = 'content_refused';

interface Situation {
  readonly placement: Placement;
  readonly target: Target;
  readonly channel: Channel;
  readonly context: CardContext;
  readonly newKey: () => string;
  readonly now: EpochMs;
}

/** Turns a claimed placement and its subject as it is now into what to do. */
export function planPlacement(subject: Subject | undefined, situation: Situation): Plan {
  const { placement, target, channel, context, now } = situation;
  if (subject === undefined) {
    return { kind: 'change', placement, change: { parkedReason: 'subject_missing', release: true } };
  }
  const plain = placement.lastError?.startsWith(REFUSED) === true;
  const rendered = renderSubject(subject, placement.shownFacts, context, channel.limits, plain);
  const incident = subject.kind === 'incident' ? { incident: subject.view.incident } : {};
  const step = decideStep(placement, rendered, channel, now);
  switch (step.kind) {
    case 'wait':
      return { kind: 'change', placement, change: { release: true } };
    case 'reissue':
      return { kind: 'reissue', placement };
    case 'record':
      return { kind: 'record', placement, target, rendered, ...incident };
    case 'repeat':
      return { ...repeated(situation), ...incident };
    case 'post':
    case 'edit':
      break;
  }
  return { ...fresh(step.kind, rendered, situation), ...incident };
}

function fresh(verb: 'post' | 'edit', rendered: RenderedSubject, situation: Situation): ShowPlan {
  const { placement, context } = situation;
  const { card, changes, facts, hash, ring, revision } = rendered;
  const previous = placement.previous === undefined ? {} : { previous: placement.previous };
  const post: PendingPost = { card, changes, locale: context.locale, facts, hash, ring, ...previous };
  return showPlan(verb, post, revision, false, situation);
}

function repeated(situation: Situation): ShowPlan {
  const { placement } = situation;
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- stored by this very file's `fresh`
  const post = JSON.parse(placement.pendingPayload ?? '') as PendingPost;
  return showPlan('post', post, placement.pendingRevision ?? 0, true, situation);
}

function showPlan(
  verb: 'post' | 'edit',
  post: PendingPost,
  revision: number,
  repeat: boolean,
  { placement, target, newKey }: Situation,
): ShowPlan {
  const { card, changes, locale, previous } = post;
  const request: ShowRequest = {
    key: placement.messageKey ?? newKey(),
    address: target.address,
    locale,
    card,
    changes,
    ...(previous === undefined ? {} : { previous }),
    ...(placement.ticket === undefined ? {} : { ticket: placement.ticket }),
  };
  return { kind: 'show', placement, target, verb, request, revision, post, repeat, mentions: [] };
}

/** What to store before a first post leaves: its key and the exact payload, so that a retry repeats both. */
export const pendingChange = ({ request, post, revision }: ShowPlan): PlacementChange => ({
  messageKey: request.key,
  pendingPayload: JSON.stringify(post),
  pendingRevision: revision,
  release: false,
});
