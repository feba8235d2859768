import type { Evidence } from '../diagnosis.ts';
import { type EvidenceKind, kindOf, SHARES } from '../evidence/kinds.ts';
import { estimateTokens } from '../providers/estimate.ts';
import { cutAtToken, isTooLong, MAX_TEXT } from '../redact/clean.ts';
import type { DataPolicy, Redacting } from '../redact/redactor.ts';
import { shareOut } from '../share-out.ts';
import { cutToTokens } from './budget.ts';
import type { Fence } from './fence.ts';
import { isoOf } from './plain.ts';

export interface EvidenceInput {
  readonly evidence: readonly Evidence[];
  /** How much each helps to tell the cause, 0 … 1, by its id; 0.5 when absent. */
  readonly relevance?: ReadonlyMap<string, number>;
  readonly fence: Fence;
  readonly redactor: Redacting;
  readonly policy: DataPolicy;
  readonly budgetTokens: number;
}

export interface FencedEvidence {
  /** Most relevant first, each item fenced. */
  readonly text: string;
  /** Ids of what is there in part. */
  readonly cut: readonly string[];
  /** Ids of what is not there at all. */
  readonly leftOut: readonly string[];
  readonly redacted: number;
}

/** Fewer tokens of an item than this tell nothing: it is left out instead. */
const LEAST = 64;
/** More items than this are not looked at. */
const MOST_ITEMS = 100;

interface Item {
  readonly id: string;
  readonly kind: EvidenceKind;
  readonly weight: number;
  readonly attributes: Readonly<Record<string, string>>;
  readonly body: string;
  /** Tokens of the marks around it. */
  readonly frame: number;
  /** Tokens of it whole. */
  readonly need: number;
  /** There was more than was looked at. */
  readonly shortened: boolean;
  readonly redacted: number;
}

/** The evidence within the budget: kinds by their shares, items of a kind by relevance, small ones whole first. */
export function fenceEvidence(input: EvidenceInput): FencedEvidence {
  const { evidence, fence, budgetTokens } = input;
  const items = itemsOf(input);
  const grants = grantAll(items, budgetTokens);
  const granted = (item: Item): number => grants.get(item) ?? 0;
  const shown = items.filter((item) => granted(item) > 0);
  const there = new Set(shown.map(({ id }) => id));
  return {
    text: shown.map((item) => fenced(item, granted(item), fence)).join('\n\n'),
    cut: shown.filter((item) => item.shortened || granted(item) < item.need).map(({ id }) => id),
    leftOut: evidence.filter(({ id }) => !there.has(id)).map(({ id }) => id),
    redacted: shown.reduce((sum, { redacted }) => sum + redacted, 0),
  };
}

function itemsOf(input: EvidenceInput): readonly Item[] {
  const weighed = input.evidence
    .map((evidence) => ({ evidence, weight: WORTHLESS + (input.relevance?.get(evidence.id) ?? 0.5) }))
    .toSorted((a, b) => b.weight - a.weight)
    .slice(0, MOST_ITEMS);
  const told = weighed.map(({ evidence }) => toldOf(evidence, input.policy));
  const chars = shareOut(
    told.map((text, index) => ({ need: text.length, weight: weighed[index]?.weight ?? 1 })),
    MAX_TEXT,
  );
  return weighed.map(({ evidence, weight }, index) =>
    itemOf(input, { evidence, weight, told: told[index] ?? '', mostChars: chars[index] ?? 0 }),
  );
}
const WORTHLESS = 0.1;

interface Weighed {
  readonly evidence: Evidence;
  readonly weight: number;
  readonly told: string;
  readonly mostChars: number;
}

function itemOf({ redactor, fence }: EvidenceInput, { evidence, weight, told, mostChars }: Weighed): Item {
  const { id, source, failed, cut } = evidence;
  const kind = kindOf(source);
  const shortened = isTooLong(told, mostChars);
  const attributes = {
    kind,
    source: redactor.redact(source).text,
    ...(failed === true ? { failed: 'yes' } : {}),
    ...(cut === true || shortened ? { cut: 'yes' } : {}),
  };
  const { text, count } = redactor.redact(cutAtToken(told, mostChars));
  const body = fence.defang(text);
  const frame = estimateTokens(fence.wrap(id, { ...attributes, cut: 'yes' }, '')) + JOINT;
  return { id, kind, weight, attributes, body, frame, need: frame + estimateTokens(body), shortened, redacted: count };
}
/** The blank line between two items, and what rounding hides. */
const JOINT = 3;

/** What an item says. Where only metadata may leave, that is where it is from and when, and the numbers of metrics. */
function toldOf({ source, title, query, text, at, range }: Evidence, policy: DataPolicy): string {
  const free = policy !== 'metadata_only' || source === 'prometheus';
  const asked = query === undefined || !free ? [] : [`query: ${query.slice(0, 500)}`];
  const time = range === undefined ? [] : [`range: ${isoOf(range.from)} .. ${isoOf(range.to)}`];
  return [
    `title: ${free ? title.slice(0, 300) : source}`,
    `at: ${isoOf(at)}`,
    ...time,
    ...asked,
    free ? text : WITHHELD,
  ].join('\n');
}
const WITHHELD = '(text withheld by policy)';

function grantAll(items: readonly Item[], budget: number): ReadonlyMap<Item, number> {
  const kinds = [...new Set(items.map(({ kind }) => kind))];
  const ofKind = kinds.map((kind) => items.filter((item) => item.kind === kind));
  const wishes = kinds.map((kind, index) => ({
    need: (ofKind[index] ?? []).reduce((sum, { need }) => sum + need, 0),
    weight: SHARES[kind],
  }));
  const grants = new Map<Item, number>();
  for (const [index, share] of shareOut(wishes, budget).entries()) grantKind(ofKind[index] ?? [], share, grants);
  giveRest(items, budget, grants);
  return grants;
}

/** Leaves out the least relevant of those that would get too little to tell anything, until none would. */
function grantKind(items: readonly Item[], budget: number, grants: Map<Item, number>): void {
  let kept = items;
  for (;;) {
    const shares = shareOut(kept, budget);
    const starving = kept.findLastIndex(
      (item, index) => (shares[index] ?? 0) < Math.min(item.need, item.frame + LEAST),
    );
    if (starving === -1) {
      for (const [index, item] of kept.entries()) grants.set(item, shares[index] ?? 0);
      return;
    }
    kept = kept.toSpliced(starving, 1);
  }
}

/** What was too little for some is given to the most relevant that can use it. */
function giveRest(items: readonly Item[], budget: number, grants: Map<Item, number>): void {
  let left = budget - [...grants.values()].reduce((sum, grant) => sum + grant, 0);
  for (const item of items) {
    const have = grants.get(item) ?? 0;
    const more = Math.min(left, item.need - have);
    if (more <= 0 || have + more < Math.min(item.need, item.frame + LEAST)) continue;
    grants.set(item, have + more);
    left -= more;
  }
}

function fenced(item: Item, grant: number, fence: Fence): string {
  if (grant >= item.need) return fence.wrap(item.id, item.attributes, item.body);
  const kept = cutToTokens(item.body, grant - item.frame - 1);
  return fence.wrap(item.id, { ...item.attributes, cut: 'yes' }, `${kept}…`);
}
