import type { Metrics } from '../telemetry/metrics.ts';
import type { Clock } from '../types.ts';
import type { AskModel } from './ask-model.ts';
import type { Afford, Chain } from './chain/chain.ts';
import { stored } from './diagnose.ts';
import type { Diagnosis, Origin, Shortfall } from './diagnosis.ts';
import { type GatherDeps, regather } from './gather.ts';
import { type Memory, applyVerdicts } from './memory.ts';
import type { CachedDraft, SecondHalfPorts } from './ports.ts';
import type { Draft, EvidencePack } from './provider.ts';

export interface SecondHalfDeps extends Pick<GatherDeps, 'locale'> {
  readonly ports: SecondHalfPorts & GatherDeps['ports'];
  readonly chain: Pick<Chain, 'ask'>;
  readonly askModel: AskModel;
  /** Whether there is money and quota for a call at this provider. */
  readonly afford: Afford;
  readonly clock: Clock;
  readonly metrics: Pick<Metrics, 'diagnosisSeconds'>;
  /** A storm tells of it: it is not asked about by itself. */
  readonly inStorm: (incidentId: string) => Promise<boolean>;
  /** How old an answer about identical evidence may be, ms. */
  readonly cacheMs?: number;
}

const CACHE_MS = 30 * 60_000;

type Found =
  | (Omit<CachedDraft, 'at'> & { readonly kind: 'draft' })
  | { readonly kind: 'none'; readonly shortfall?: Shortfall; readonly said?: string };

interface Question {
  readonly digest: string;
  readonly pack: EvidencePack;
  readonly memory: Memory;
}

/**
 * The second half of diagnosing: a model looks at the stored evidence. Called by the loop of due rows of kind `model`,
 * under its lease; after a kill in between it asks again. No transaction is open while it works.
 */
export function createSecondHalf(deps: SecondHalfDeps) {
  const asking = new Map<string, Promise<Found>>();

  /** Incidents of identical evidence that arrive together are one question. */
  const once = (question: Question, signal: AbortSignal): Promise<Found> => {
    const { digest } = question;
    const same = asking.get(digest);
    if (same !== undefined) return same;
    const work = find(deps, question, signal).finally(() => asking.delete(digest));
    asking.set(digest, work);
    return work;
  };

  return {
    run: async (incidentId: string, signal: AbortSignal): Promise<void> => {
      const startedAt = performance.now();
      const waiting = await deps.ports.waiting(incidentId);
      if (waiting === undefined) return;
      const { diagnosis, facts, wanted } = waiting;
      if (!wanted) return deps.ports.giveUp(diagnosis);
      if (await deps.inStorm(incidentId)) return deps.ports.giveUp(diagnosis, 'storm');
      const question = { ...(await regather(deps, facts, diagnosis.evidence)), digest: diagnosis.origin?.digest ?? '' };
      const found = await once(question, signal);
      if (found.kind === 'none') return deps.ports.giveUp(diagnosis, found.shortfall, found.said);
      await deps.ports.replace(diagnosis, answered(deps, question, found, diagnosis));
      deps.metrics.diagnosisSeconds.observe({ provider: found.provider }, (performance.now() - startedAt) / 1000);
    },
  };
}

async function find(deps: SecondHalfDeps, { digest, pack, memory }: Question, signal: AbortSignal): Promise<Found> {
  const { ports, clock } = deps;
  const cached = await ports.cached(digest, clock.now() - (deps.cacheMs ?? CACHE_MS));
  if (cached !== undefined && fits(cached.draft, pack))
    return { ...cached, kind: 'draft', origin: { ...cached.origin, cachedAt: cached.at } };
  const asked = await deps.chain.ask(
    (model, stop) => deps.askModel(model, { pack, memory }, stop),
    deps.afford,
    signal,
  );
  // Nobody was asked: the providers were taken out of the configuration meanwhile.
  if (!asked.ok) return { kind: 'none', ...(asked.tried.length === 0 ? {} : { shortfall: asked.shortfall }) };
  const { value, model } = asked;
  if (value.kind === 'unstructured') return { kind: 'none', shortfall: 'unstructured', said: value.said };
  const found = { draft: value.draft, provider: model.name, promptVersion: value.promptVersion, origin: value.origin };
  await ports.remember(digest, found, clock.now());
  return { kind: 'draft', ...found };
}

/** What was told to a provider of one answer is no verdict about its copy. */
function answered(
  { clock }: SecondHalfDeps,
  { pack, memory, digest }: Question,
  { draft, provider, promptVersion, origin }: Extract<Found, { kind: 'draft' }>,
  before: Diagnosis,
): Omit<Diagnosis, 'id'> {
  const { feedback, ...shared }: Origin = origin;
  const own = { ...shared, digest, ...(origin.cachedAt === undefined && feedback !== undefined ? { feedback } : {}) };
  const redacted = (before.origin?.redacted ?? 0) + (origin.redacted ?? 0);
  return {
    ...stored(withCommands(applyVerdicts(draft, memory), before), pack),
    provider,
    promptVersion,
    createdAt: Math.max(clock.now(), before.createdAt + 1),
    origin: redacted > 0 ? { ...own, redacted } : own,
  };
}

const MOST_STEPS = 5;

/** A model names no commands; those of the rules only read, and are worth having at hand. */
const withCommands = (draft: Draft, { steps }: Diagnosis): Draft =>
  draft.status === 'not_an_issue'
    ? draft
    : {
        ...draft,
        steps: [...draft.steps, ...steps.filter(({ command }) => command !== undefined)].slice(0, MOST_STEPS),
      };

/** The ids of another incident's evidence mean the same here only as long as they exist. */
function fits({ causes }: Draft, { evidence }: EvidencePack): boolean {
  const ids = new Set(evidence.map(({ id }) => id));
  return causes.every(({ evidenceIds }) => evidenceIds.every((id) => ids.has(id)));
}
