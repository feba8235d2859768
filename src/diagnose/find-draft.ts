import type { Clock } from '../types.ts';
import type { AskModel, ModelQuestion } from './ask-model.ts';
import type { Afford, Chain } from './chain/chain.ts';
import type { Shortfall } from './diagnosis.ts';
import type { CachedDraft, SecondHalfPorts } from './ports.ts';
import type { Draft, EvidencePack } from './provider.ts';

export interface FindDraftDeps {
  readonly ports: Pick<SecondHalfPorts, 'cached' | 'remember'>;
  readonly chain: Pick<Chain, 'ask'>;
  readonly askModel: AskModel;
  /** Whether there is money and quota for a call at this provider. */
  readonly afford: Afford;
  readonly clock: Clock;
  /** How old an answer about identical evidence may be, ms. */
  readonly cacheMs?: number;
}

export interface Question extends ModelQuestion {
  /** Of the evidence: two questions of one digest have one answer. */
  readonly digest: string;
}

/** `shortfall` is absent when nobody was asked. */
export type Found =
  | (Omit<CachedDraft, 'at'> & { readonly kind: 'draft' })
  | { readonly kind: 'none'; readonly shortfall?: Shortfall; readonly said?: string };

const CACHE_MS = 30 * 60_000;

/** A model's checked answer: one about identical evidence, else that of the first provider in order that gives one. */
export async function findDraft(deps: FindDraftDeps, question: Question, signal: AbortSignal): Promise<Found> {
  const { ports, clock } = deps;
  const { digest, ...asking } = question;
  const cached = await ports.cached(digest, clock.now() - (deps.cacheMs ?? CACHE_MS));
  if (cached !== undefined && fits(cached.draft, question.pack))
    return { ...cached, kind: 'draft', origin: { ...cached.origin, cachedAt: cached.at } };
  const asked = await deps.chain.ask((model, stop) => deps.askModel(model, asking, stop), deps.afford, signal);
  // Nobody was asked: the providers were taken out of the configuration meanwhile.
  if (!asked.ok) return { kind: 'none', ...(asked.tried.length === 0 ? {} : { shortfall: asked.shortfall }) };
  const { value, model } = asked;
  if (value.kind === 'unstructured') return { kind: 'none', shortfall: 'unstructured', said: value.said };
  const found = { draft: value.draft, provider: model.name, promptVersion: value.promptVersion, origin: value.origin };
  await ports.remember(digest, found, clock.now());
  return { kind: 'draft', ...found };
}

/** The ids of another incident's evidence mean the same here only as long as they exist. */
function fits({ causes }: Draft, { evidence }: EvidencePack): boolean {
  const ids = new Set(evidence.map(({ id }) => id));
  return causes.every(({ evidenceIds }) => evidenceIds.every((id) => ids.has(id)));
}
