import type { CardContext, Person } from '../cards/view.ts';
import type { Trx } from '../store/database.ts';
import type { EpochMs } from '../types.ts';
import { type Plan, type ShowPlan, pendingChange, planPlacement } from './plan.ts';
import type { Subject } from './render.ts';
import { contextOf } from './context.ts';
import { announce, ringingOf } from './ringing.ts';
import type { RoundDeps } from './round-deps.ts';
import type { Placement } from './placement.ts';
import type { Target } from './target-ports.ts';

/** What the claimed placements need called, after everything was settled that needs no call. */
export async function planShows(
  trx: Trx,
  placements: readonly Placement[],
  targets: ReadonlyMap<string, Target>,
  deps: RoundDeps,
  token: string,
  now: EpochMs,
): Promise<readonly ShowPlan[]> {
  if (placements.length === 0) return [];
  const [subjects, people] = await Promise.all([
    loadSubjects(trx, placements, deps),
    loadPeople(trx, placements, targets, deps),
  ]);
  const known = { subjects, people, targets };
  const shows: ShowPlan[] = [];
  for (const placement of placements) {
    const plan = planOne(placement, known, deps, now);
    const show = plan === undefined ? undefined : await settleAtOnce(trx, plan, deps, token, now);
    if (show !== undefined) shows.push(show);
  }
  return shows;
}

interface Known {
  readonly subjects: ReadonlyMap<string, Subject>;
  /** By channel. */
  readonly people: ReadonlyMap<string, readonly Person[]>;
  readonly targets: ReadonlyMap<string, Target>;
}

async function loadSubjects(
  trx: Trx,
  placements: readonly Placement[],
  { store }: RoundDeps,
): Promise<ReadonlyMap<string, Subject>> {
  const idsOf = (kind: Placement['kind']): readonly string[] => [
    ...new Set(placements.filter((placement) => placement.kind === kind).map(({ subjectId }) => subjectId)),
  ];
  const [incidents, storms] = await Promise.all([
    store.incidentViews(trx, idsOf('incident')),
    store.stormViews(trx, idsOf('storm')),
  ]);
  return new Map<string, Subject>([
    ...[...incidents].map(([id, view]) => [id, { kind: 'incident', view }] as const),
    ...[...storms].map(([id, view]) => [id, { kind: 'storm', view }] as const),
  ]);
}

/** Once for all cards of a channel, and only where a card can offer them. */
function loadPeople(
  trx: Trx,
  placements: readonly Placement[],
  targets: ReadonlyMap<string, Target>,
  { store }: RoundDeps,
): Promise<Known['people']> {
  const shown = placements.filter(({ kind }) => kind === 'incident');
  const channels = shown.flatMap(({ targetId }) => targets.get(targetId)?.channel ?? []);
  return store.peopleOn(trx, [...new Set(channels)]);
}

function planOne(placement: Placement, known: Known, deps: RoundDeps, now: EpochMs): Plan | undefined {
  const target = known.targets.get(placement.targetId);
  const channel = target === undefined ? undefined : deps.channels.get(target.channel);
  if (target === undefined || channel === undefined) return undefined;
  const context = contextOf(target, deps);
  const { newKey } = deps;
  const people = known.people.get(target.channel) ?? [];
  const subject = forReaders(known.subjects.get(placement.subjectId), people, deps, context);
  return planPlacement(subject, { placement, target, channel, context, newKey, now });
}

/** Whom those who read it there can give it to and, until there is a diagnosis, what the label rules say. */
function forReaders(
  subject: Subject | undefined,
  people: readonly Person[],
  deps: RoundDeps,
  { locale }: CardContext,
): Subject | undefined {
  if (subject?.kind !== 'incident') return subject;
  const { incident, alerts, diagnosis } = subject.view;
  const early = diagnosis === undefined || diagnosis.status === 'pending';
  const hints = early ? deps.hintsOf(incident, alerts, locale) : [];
  return { kind: 'incident', view: { ...subject.view, hints, people } };
}

/** Writes what a plan changes before any call; the call, if it needs one. */
async function settleAtOnce(
  trx: Trx,
  plan: Plan,
  deps: RoundDeps,
  token: string,
  now: EpochMs,
): Promise<ShowPlan | undefined> {
  const { store } = deps;
  const key = plan.placement;
  if (plan.kind === 'show') {
    if (plan.verb === 'post' && !plan.repeat) await store.changePlacement(trx, key, token, pendingChange(plan), now);
    return { ...plan, mentions: await mentionsFor(trx, plan, plan.post.ring, deps) };
  }
  if (plan.kind === 'change') await store.changePlacement(trx, key, token, plan.change, now);
  if (plan.kind === 'record') await record(trx, plan, deps, token, now);
  if (plan.kind === 'reissue') {
    await store.reissue(trx, key, plan.placement.generation);
    await store.changePlacement(trx, key, token, { release: true }, now);
    trx.hint({ kind: 'target', id: key.targetId });
  }
  return undefined;
}

async function record(
  trx: Trx,
  plan: Extract<Plan, { kind: 'record' }>,
  deps: RoundDeps,
  token: string,
  now: EpochMs,
): Promise<void> {
  const { placement, target, rendered, incident } = plan;
  const mentions = await mentionsFor(trx, plan, rendered.ring, deps);
  const news = { placement, target, ring: rendered.ring, posted: false, mentions, ...(incident && { incident }) };
  const { ringing, rung } = ringingOf(news, now);
  const change = { shownRevision: rendered.revision, ...rung, release: true };
  const changed = await deps.store.changePlacement(trx, placement, token, change, now);
  if (changed !== 'lost') await announce(trx, news, ringing, deps, now);
}

/** Asked only when there may be something to announce. */
const mentionsFor = async (
  trx: Trx,
  { incident, placement, target }: Pick<ShowPlan, 'incident' | 'placement' | 'target'>,
  rings: number,
  { store }: RoundDeps,
): Promise<ShowPlan['mentions']> =>
  incident === undefined || rings <= placement.rung ? [] : store.whoToMention(trx, incident, target.channel);
