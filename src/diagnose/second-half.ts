import type { Metrics } from '../telemetry/metrics.ts';
import { stored } from './diagnose.ts';
import type { Diagnosis, Origin } from './diagnosis.ts';
import { type FindDraftDeps, type Found, type Question as Asked, findDraft, fitted } from './find-draft.ts';
import { type GatherDeps, regather } from './gather.ts';
import { type Memory, applyVerdicts } from './memory.ts';
import type { SecondHalfPorts } from './ports.ts';
import type { Draft } from './provider.ts';

export interface SecondHalfDeps extends FindDraftDeps, Pick<GatherDeps, 'locale'> {
  readonly ports: SecondHalfPorts & GatherDeps['ports'];
  readonly metrics: Pick<Metrics, 'diagnosisSeconds'>;
  /** A storm tells of it: it is not asked about by itself. */
  readonly inStorm: (incidentId: string) => Promise<boolean>;
}

type Question = Asked & { readonly memory: Memory };

const MOST_ATTEMPTS = 4;

/**
 * The second half of diagnosing: a model looks at the stored evidence. Called by the loop of due rows of kind `model`,
 * under its lease; after a kill in between it asks again. No transaction is open while it works.
 */
export function createSecondHalf(deps: SecondHalfDeps) {
  const asking = new Map<string, Promise<Found>>();

  /** Incidents of identical evidence that arrive together are one question; whoever asks it may be stopped before the others. */
  const once = async (question: Question, signal: AbortSignal): Promise<Found> => {
    const { digest, pack } = question;
    for (let same = asking.get(digest); same !== undefined; same = asking.get(digest)) {
      const found = await same.catch(() => undefined);
      signal.throwIfAborted();
      if (found?.kind === 'none') return found;
      const own = found && fitted(found, pack);
      if (own !== undefined) return own;
    }
    const work = findDraft(deps, question, signal).finally(() => asking.delete(digest));
    asking.set(digest, work);
    return work;
  };

  return {
    /** `attempts`: this one included, since the model became due. */
    run: async (incidentId: string, signal: AbortSignal, attempts = 1): Promise<void> => {
      const startedAt = performance.now();
      const waiting = await deps.ports.waiting(incidentId);
      if (waiting === undefined) return;
      const { diagnosis, facts, wanted } = waiting;
      // Whatever made it fail, also the process itself, would do so again, and each time a model is paid.
      if (attempts > MOST_ATTEMPTS) return deps.ports.giveUp(diagnosis, 'failed');
      if (!wanted) return deps.ports.giveUp(diagnosis);
      if (await deps.inStorm(incidentId)) return deps.ports.giveUp(diagnosis, 'storm');
      const gathered = await regather(deps, facts, diagnosis);
      const question = { ...gathered, rules: diagnosis, digest: diagnosis.origin?.digest ?? '' };
      const found = await once(question, signal);
      if (found.kind === 'none') return deps.ports.giveUp(diagnosis, found.shortfall, found.said);
      await deps.ports.replace(diagnosis, answered(deps, question, found, diagnosis));
      deps.metrics.diagnosisSeconds.observe({ provider: found.provider }, (performance.now() - startedAt) / 1000);
    },
  };
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
