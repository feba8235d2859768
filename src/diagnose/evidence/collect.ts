import { codeOf } from '../../errors.ts';
import type { Log } from '../../telemetry/log.ts';
import type { Clock } from '../../types.ts';
import { SourceFailed, failureFinding } from './failure.ts';
import { planFor } from './plans.ts';
import type { About, EvidenceSource, Finding } from './source.ts';

export interface CollectorDeps {
  /** In the order in which their findings stand. */
  readonly sources: readonly EvidenceSource[];
  readonly clock: Clock;
  readonly log: Log;
  /** Of everything together, ms. */
  readonly deadlineMs: number;
}

/** What a source may take after its signal fired, to hand in what it has, ms. */
const GRACE_MS = 250;
/** Of one source; what one says must not push the others out. */
const MOST_FINDINGS = 40;

/** Asks all sources at once. */
export function createCollector(deps: CollectorDeps) {
  return {
    /**
     * Resolves by the deadline, whatever the sources do: one that fails, hangs or ignores its signal has a finding
     * that says so. In the order of the sources, then by relevance. Never rejects.
     */
    collect: async (asked: Omit<About, 'plan'>, signal: AbortSignal): Promise<Finding[]> => {
      const about: About = { ...asked, plan: planFor(asked.family, asked.subject) };
      const startedAt = deps.clock.now();
      const answers = await Promise.all(deps.sources.map((source) => ask(source, about, deps.deadlineMs, signal)));
      const failed = answers.flatMap(({ error }, index) =>
        error === undefined ? [] : [`${deps.sources[index]?.name ?? ''}: ${codeOf(error)}`],
      );
      deps.log.info(
        {
          action: 'evidence_collected',
          incident_id: about.facts.incident.id,
          findings: answers.reduce((sum, { findings }) => sum + findings.length, 0),
          failed,
          duration_ms: deps.clock.now() - startedAt,
        },
        'evidence collected',
      );
      return answers.flatMap(({ findings }) => findings);
    },
  };
}

interface Answer {
  readonly findings: readonly Finding[];
  readonly error?: unknown;
}

async function ask(source: EvidenceSource, about: About, deadlineMs: number, signal: AbortSignal): Promise<Answer> {
  const limitMs = Math.max(1, Math.min(source.timeoutMs, deadlineMs - GRACE_MS));
  const late = new SourceFailed(source.name, { kind: 'timeout', afterMs: limitMs });
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(late), limitMs);
  try {
    const both = AbortSignal.any([signal, stop.signal]);
    const findings = await Promise.race([started(source, about, both), afterGrace(both)]);
    return { findings: bounded(findings) };
  } catch (thrown) {
    const error = stop.signal.aborted ? late : thrown;
    return { findings: [failureFinding(source.name, error, about)], error };
  } finally {
    clearTimeout(timer);
    // Whatever a source left running ends with it.
    stop.abort();
  }
}

/** A source that throws before it is asked anything is one that rejects. */
const started = async (source: EvidenceSource, about: About, signal: AbortSignal): Promise<readonly Finding[]> =>
  source.collect(about, signal);

/** Rejects a moment after the signal, so that a source which obeys it is heard. */
const afterGrace = async (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    const give = (): void => {
      setTimeout(() => reject(new DOMException('not waited for any longer', 'AbortError')), GRACE_MS).unref();
    };
    if (signal.aborted) give();
    else signal.addEventListener('abort', give, { once: true });
  });

const bounded = (findings: readonly Finding[]): readonly Finding[] =>
  findings.toSorted(({ relevance: a = 0.5 }, { relevance: b = 0.5 }) => b - a).slice(0, MOST_FINDINGS);
