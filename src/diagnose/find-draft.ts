import type { Clock } from '../types.ts';
import type { AskModel, ModelQuestion } from './ask-model.ts';
import type { Afford, Chain } from './chain/chain.ts';
import type { Shortfall } from './diagnosis.ts';
import { idsInOrder } from './digest.ts';
import type { CachedDraft, SecondHalfPorts } from './ports.ts';
import type { EvidencePack } from './provider.ts';

export interface FindDraftDeps {
  readonly ports: Pick<SecondHalfPorts, 'cached' | 'remember'>;
  readonly chain: Pick<Chain, 'ask'>;
  readonly askModel: AskModel;
  /** Whether there is money and quota for a call at this provider. */
  readonly afford: Afford;
  readonly clock: Clock;
}

export interface Question extends ModelQuestion {
  /** Of the evidence: two questions of one digest have one answer. */
  readonly digest: string;
}

/** `shortfall` is absent when nobody was asked. */
export type Found =
  | (Omit<CachedDraft, 'at'> & { readonly kind: 'draft' })
  | { readonly kind: 'none'; readonly shortfall?: Shortfall; readonly said?: string };

/** How old an answer about identical evidence may be. */
const CACHE_MS = 30 * 60_000;

/** A model's checked answer: one about identical evidence, else that of the first provider in order that gives one. */
export async function findDraft(deps: FindDraftDeps, question: Question, signal: AbortSignal): Promise<Found> {
  const { ports, clock } = deps;
  const { digest, ...asking } = question;
  const cached = await ports.cached(digest, clock.now() - CACHE_MS);
  const fitting = cached && fitted(cached, question.pack);
  if (cached !== undefined && fitting !== undefined)
    return { kind: 'draft', ...fitting, origin: { ...cached.origin, cachedAt: cached.at } };
  const asked = await deps.chain.ask((model, stop) => deps.askModel(model, asking, stop), deps.afford, signal);
  // Nobody was asked: the providers were taken out of the configuration meanwhile.
  if (!asked.ok) return { kind: 'none', ...(asked.tried.length === 0 ? {} : { shortfall: asked.shortfall }) };
  const { value, model } = asked;
  if (value.kind === 'unstructured') return { kind: 'none', shortfall: 'unstructured', said: value.said };
  const { draft, promptVersion, origin } = value;
  const found = { draft, ids: idsInOrder(question.pack), provider: model.name, promptVersion, origin };
  await ports.remember(digest, found, clock.now());
  return { kind: 'draft', ...found };
}

/**
 * A draft about evidence of the same digest, citing this pack's: one fact may have different ids in two packs. Undefined
 * when a cause rests on what is not there, such as an incident that was like the other one alone.
 */
export function fitted<D extends Omit<CachedDraft, 'at'>>(found: D, pack: EvidencePack): D | undefined {
  const ids = idsInOrder(pack);
  const idOf = new Map(found.ids.map((id, place) => [id, ids[place]]));
  const { causes, ...rest } = found.draft;
  if (causes.some(({ evidenceIds }) => evidenceIds.some((id) => idOf.get(id) === undefined))) return undefined;
  const said = (words: string): string => words.replaceAll(/\bE\d{1,4}\b/g, (id) => idOf.get(id) ?? id);
  const cited = causes.map((cause) => ({
    ...cause,
    statement: said(cause.statement),
    evidenceIds: cause.evidenceIds.flatMap((id) => idOf.get(id) ?? []),
  }));
  const steps = rest.steps.map((step) => ({ ...step, text: said(step.text) }));
  return { ...found, ids, draft: { ...rest, summary: said(rest.summary), steps, causes: cited } };
}
