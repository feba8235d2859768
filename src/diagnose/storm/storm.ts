import { SEVERITIES } from '../../incident/alert.ts';
import type { Metrics } from '../../telemetry/metrics.ts';
import { stored } from '../diagnose.ts';
import type { Diagnosis } from '../diagnosis.ts';
import { digestOf } from '../digest.ts';
import { type FindDraftDeps, findDraft } from '../find-draft.ts';
import { type GatherDeps, numbered } from '../gather.ts';
import type { KnownIncident } from '../ports.ts';
import type { Draft, EvidencePack } from '../provider.ts';
import { commonsOf } from './commons.ts';
import { stormDraft } from './draft.ts';
import { stormFindings } from './findings.ts';
import type { StormFacts, StormPorts } from './ports.ts';
import { STORM_WORDS } from './words.ts';

export interface StormDeps extends FindDraftDeps, Pick<GatherDeps, 'fit' | 'redact' | 'locale' | 'log'> {
  readonly ports: StormPorts & FindDraftDeps['ports'];
  readonly metrics: Pick<Metrics, 'diagnosisSeconds'>;
  readonly modelsAsked: () => boolean;
}

/** While it lasts a storm is looked at again, so that one that grew is not explained by its first incidents. */
const LOOK_MS = 30_000;
/** So many times as many incidents, and it is another storm. */
const GROWN = 5;
const MOST_TURNS = 2;
const MOST_ATTEMPTS = 4;

interface Turn {
  readonly storm: StormFacts;
  readonly pack: EvidencePack;
  readonly draft: Draft;
  readonly digest: string;
  readonly turn: number;
  readonly redacted: number;
}

/**
 * One diagnosis for all incidents of a storm: what they share, by rules at once, then one question to a model. Called by
 * the loop of due rows of kind `storm_model`, under its lease; after a kill in between it asks again. No transaction is
 * open while it works.
 */
export function createStormDiagnoser(deps: StormDeps) {
  return {
    /** `attempts`: this one included, since the storm was due to be looked at. */
    run: async (stormId: string, signal: AbortSignal, attempts = 1): Promise<void> => {
      const storm = await deps.ports.storm(stormId);
      if (storm === undefined) return;
      const turn = turnOf(storm);
      // Whatever made it fail would do so again, and each time a model is paid.
      const asking = attempts > MOST_ATTEMPTS ? { ...deps, modelsAsked: () => false } : deps;
      if (turn !== undefined && storm.members.length > 0) await diagnose(prepared(storm, turn, deps), asking, signal);
      const done = turn ?? storm.last?.turn ?? 0;
      if (!storm.ended && done < MOST_TURNS) await deps.ports.lookAgain(stormId, deps.clock.now() + LOOK_MS);
    },
  };
}

/** Which look at the storm this is, from 1; undefined when there is nothing new to say. */
function turnOf({ last, total }: StormFacts): number | undefined {
  if (last === undefined) return 1;
  // We were stopped while a model was asked.
  if (last.diagnosis.origin?.awaiting === true) return last.turn;
  return last.turn < MOST_TURNS && total >= GROWN * last.total ? last.turn + 1 : undefined;
}

function prepared(storm: StormFacts, turn: number, { fit, redact, locale }: StormDeps): Turn {
  const commons = commonsOf(storm.members);
  const { evidence, redacted } = numbered(fit(stormFindings(storm, commons, locale), []), redact);
  const shared = Object.fromEntries(commons.shared.map(({ name, value }) => [name, value]));
  const incident = incidentOf(storm, shared, redact(STORM_WORDS[locale].title(storm.total)).text);
  const pack: EvidencePack = { incident, alerts: [], evidence, similar: [], locale };
  const draft = stormDraft(storm.members, commons, evidence, locale);
  return {
    storm,
    pack,
    draft: { ...draft, summary: redact(draft.summary).text },
    digest: digestOf(pack),
    turn,
    redacted,
  };
}

/** What a storm is to those who know incidents. */
function incidentOf(
  { id, members, startedAt }: StormFacts,
  labels: KnownIncident['labels'],
  title: string,
): KnownIncident {
  const open = members.filter(({ resolved }) => !resolved);
  const severity = SEVERITIES.find((one) =>
    (open.length > 0 ? open : members).some((member) => member.severity === one),
  );
  const status = open.length > 0 ? 'open' : 'resolved';
  return {
    id,
    status,
    severity: severity ?? 'warning',
    title,
    summary: title,
    source: 'storm',
    integration: '',
    labels,
    openedAt: Math.min(startedAt, ...members.map(({ openedAt }) => openedAt)),
  };
}

/** The rules' words at once, a model's when there is one. */
async function diagnose(turn: Turn, deps: StormDeps, signal: AbortSignal): Promise<void> {
  const { storm, pack, draft, digest, redacted } = turn;
  const awaiting = pack.incident.status !== 'resolved' && deps.modelsAsked();
  const keep = (diagnosis: Diagnosis): Promise<void> =>
    deps.ports.keep(storm.id, { diagnosis, total: storm.total, turn: turn.turn });
  const byRules: Diagnosis = {
    ...stored(draft, pack),
    id: storm.id,
    provider: 'rules',
    promptVersion: 'rules.v1',
    createdAt: deps.clock.now(),
    origin: { digest, ...(redacted > 0 ? { redacted } : {}) },
  };
  await keep(awaiting ? { ...byRules, origin: { ...byRules.origin, awaiting } } : byRules);
  deps.log.info({ action: 'storm_diagnosed', storm_id: storm.id, incidents: storm.total }, 'storm diagnosed');
  if (awaiting) await keep(await asked(turn, byRules, deps, signal));
}

/** The one question to a model about all of them; the rules' diagnosis, marked, when nothing comes of it. */
async function asked(
  { pack, digest }: Turn,
  byRules: Diagnosis,
  deps: StormDeps,
  signal: AbortSignal,
): Promise<Diagnosis> {
  const startedAt = performance.now();
  const question = { pack, digest, rules: byRules, memory: { verdicts: [] }, purpose: 'storm' } as const;
  const found = await findDraft(deps, question, signal);
  if (found.kind === 'none') {
    const { kind: _kind, ...why } = found;
    return { ...byRules, origin: { ...byRules.origin, ...why } };
  }
  deps.metrics.diagnosisSeconds.observe({ provider: found.provider }, (performance.now() - startedAt) / 1000);
  // Nobody gives a verdict about a storm.
  const { feedback: _feedback, ...origin } = found.origin;
  return {
    ...stored(found.draft, pack),
    id: byRules.id,
    provider: found.provider,
    promptVersion: found.promptVersion,
    createdAt: deps.clock.now(),
    origin: { ...origin, digest },
  };
}
