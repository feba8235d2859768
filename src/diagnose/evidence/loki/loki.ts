import type { EpochMs } from '../../../types.ts';
import { SourceFailed, faultOf } from '../failure.ts';
import type { Reader } from '../http.ts';
import { collectLogs } from '../logs/collect.ts';
import { windowOf } from '../logs/gather.ts';
import { fieldsOf, listOf, within } from '../wire.ts';
import { lokiScope } from './query.ts';
import { type LokiScope, chooseScopes, seriesSelectors } from './scopes.ts';
import type { About, EvidenceSource } from '../source.ts';

export interface LokiOptions {
  readonly reader: Reader;
  /** All questions together, ms; 20 s when absent. */
  readonly timeoutMs?: number;
}

const LABELS_KEPT_MS = 10 * 60_000;

/**
 * Logs out of Grafana Loki: which labels there are is asked every ten minutes at most, then whose lines there are, then
 * for the lines around the start. What the alert says gets into LogQL only as a quoted value.
 */
export function createLoki({ reader, timeoutMs = 20_000 }: LokiOptions): EvidenceSource {
  let known: { readonly labels: ReadonlySet<string>; readonly at: EpochMs } | undefined;
  const labelsAt = async (about: About, signal: AbortSignal): Promise<ReadonlySet<string>> => {
    if (known !== undefined && Math.abs(about.now - known.at) < LABELS_KEPT_MS) return known.labels;
    const labels = new Set(strings(await reader.get(['loki', 'api', 'v1', 'labels'], spanOf(about), signal)));
    if (labels.size > 0) known = { labels, at: about.now };
    return labels;
  };
  return {
    name: 'loki',
    timeoutMs,
    check: async (signal) => {
      listIn(await reader.get(['loki', 'api', 'v1', 'labels'], {}, signal));
      return [];
    },
    collect: async (about, signal) => {
      const labels = await labelsAt(about, signal);
      const candidates = seriesSelectors(about.subject, labels);
      const existing = candidates.length === 0 ? [] : await seriesOf(reader, about, candidates, signal);
      const scopes = chooseScopes(about.subject, labels, candidates, existing);
      return collectLogs(
        'loki',
        scopes.map((scope) => lokiScope(reader, scope)),
        about,
        signal,
      );
    },
  };
}

const nanoseconds = (at: EpochMs): string => `${Math.floor(at)}000000`;

function spanOf({ startedAt, now }: About): { readonly start: string; readonly end: string } {
  const { from, to } = windowOf(startedAt, now);
  return { start: nanoseconds(from), end: nanoseconds(to) };
}

/** None when it cannot say: then the namespace and whoever mentions the name are read. */
async function seriesOf(
  reader: Reader,
  about: About,
  candidates: readonly LokiScope[],
  signal: AbortSignal,
): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const query = { 'match[]': candidates.map(({ selector }) => selector), ...spanOf(about) };
  try {
    const answer = await reader.get(['loki', 'api', 'v1', 'series'], query, signal);
    return listIn(answer).map(fieldsOf);
  } catch (error) {
    if (['status', 'missing', 'too_large', 'other'].includes(faultOf(error).kind)) return [];
    throw error;
  }
}

const strings = (answer: unknown): readonly string[] => listIn(answer).filter((item) => typeof item === 'string');

function listIn(answer: unknown): readonly unknown[] {
  if (within(answer, 'status') === 'success') return listOf(within(answer, 'data'));
  throw new SourceFailed('loki', { kind: 'other', said: 'no answer of the form that Loki has' });
}
