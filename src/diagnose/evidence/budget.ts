import { estimateTokens } from '../providers/estimate.ts';
import { shareOut } from '../share-out.ts';
import { cutText } from './cut.ts';
import { type EvidenceKind, kindOf, SHARES } from './kinds.ts';
import type { Finding } from './source.ts';

/** All of an incident's evidence as it is stored, JSON in UTF-8. */
const MOST_BYTES = 64 * 1024;
const MOST_TITLE = 200;
const MOST_QUERY = 600;
const MOST_ADDRESS = 1500;
const MOST_POINTS = 60;
const MOST_SERIES = 3;
/** The markers around an item, its id, its source and its time. */
const FRAME_TOKENS = 24;
/** Less than this tells nothing: the item goes. */
const LEAST_TOKENS = 48;

/**
 * Cuts findings to a budget of tokens and to what may be stored, keeping their order. Every kind has its share; inside
 * it short items stay whole, long ones lose the lines that tell least (`cut`), and what would be left with next to
 * nothing goes, the least relevant first. `words` make a line worth keeping. Pure.
 */
export function fit(findings: readonly Finding[], tokens: number, words: readonly string[] = []): readonly Finding[] {
  const items = findings.map((finding, index) => itemOf(trimmed(finding), index));
  const kinds = Object.entries(SHARES).map(([kind, weight]) => {
    const of = items.filter((item) => item.kind === kind);
    return { items: of, need: sum(of.map(({ cost }) => cost)), weight };
  });
  const shares = shareOut(kinds, tokens);
  const kept = kinds.flatMap(({ items: of }, index) => cutKind(of, shares[index] ?? 0, words));
  return stored(kept.toSorted((a, b) => a.index - b.index).map(({ finding }) => finding));
}

interface Item {
  readonly finding: Finding;
  /** Where it stood. */
  readonly index: number;
  readonly kind: EvidenceKind;
  /** Whole, tokens. */
  readonly cost: number;
  /** Of it, what is not its text; counted once, since texts are long. */
  readonly fixed: number;
}

function itemOf(finding: Finding, index: number): Item {
  const cost = FRAME_TOKENS + estimateTokens(`${finding.title}${finding.query ?? ''}${finding.text}`);
  const fixed = cost - estimateTokens(finding.text);
  return { finding, index, kind: kindOf(finding.source), cost, fixed };
}

/** The least relevant, of two alike the later one, goes until every one of the rest has room to say something. */
function cutKind(items: readonly Item[], tokens: number, words: readonly string[]): readonly Item[] {
  let kept = items.toSorted((a, b) => relevanceOf(b) - relevanceOf(a) || a.index - b.index);
  for (;;) {
    const parts = shareOut(
      kept.map((item) => ({ need: item.cost, weight: relevanceOf(item) })),
      tokens,
    );
    const isEnough = kept.every(
      ({ cost, fixed }, index) => (parts[index] ?? 0) >= Math.min(cost, fixed + LEAST_TOKENS),
    );
    if (isEnough) return kept.map((item, index) => cutItem(item, parts[index] ?? 0, words));
    kept = kept.slice(0, -1);
  }
}

const relevanceOf = ({ finding: { relevance = 0.5 } }: Item): number =>
  Number.isFinite(relevance) ? Math.min(1, Math.max(0.01, relevance)) : 0.5;

function cutItem(item: Item, tokens: number, words: readonly string[]): Item {
  if (item.cost <= tokens) return item;
  const { finding, fixed } = item;
  const text = cutText(finding.text, tokens - fixed, words);
  return { ...item, finding: { ...finding, text, cut: true } };
}

/** Each part as short as a page can hold; whole code points only. */
function trimmed(finding: Finding): Finding {
  const { url, query, series, ...rest } = finding;
  return {
    ...rest,
    title: points(finding.title, MOST_TITLE),
    text: finding.text.toWellFormed(),
    ...(query === undefined ? {} : { query: points(query, MOST_QUERY) }),
    // A shortened address leads elsewhere.
    ...(url === undefined || url.length > MOST_ADDRESS ? {} : { url }),
    ...(series === undefined ? {} : { series: series.slice(0, MOST_SERIES).map(shortened) }),
  };
}

const shortened = (one: NonNullable<Finding['series']>[number]): NonNullable<Finding['series']>[number] => ({
  name: points(one.name, MOST_TITLE),
  points: one.points.slice(-MOST_POINTS),
});

const points = (text: string, most: number): string => {
  const whole = text.toWellFormed();
  return whole.length <= most
    ? whole
    : `${whole
        .slice(0, most - 1)
        .toWellFormed()
        .replace(/\uFFFD$/, '')}…`;
};

/** Charts go before words, and the least relevant before the others. */
function stored(findings: readonly Finding[]): readonly Finding[] {
  let kept = findings.map((finding): Sized => ({ finding, bytes: bytesOf(finding) }));
  let bytes = sum(kept.map((one) => one.bytes)) + 2;
  while (bytes > MOST_BYTES) {
    const charted = leastRelevant(kept, ({ series }) => series !== undefined);
    const victim = charted ?? leastRelevant(kept, () => true);
    const rest = charted === undefined ? undefined : withoutChart(charted.finding);
    bytes += (rest?.bytes ?? 0) - (victim?.bytes ?? 0);
    kept = kept.flatMap((one) => (one === victim ? (rest ?? []) : [one]));
  }
  return kept.map(({ finding }) => finding);
}

interface Sized {
  readonly finding: Finding;
  readonly bytes: number;
}

function withoutChart({ series: _series, ...finding }: Finding): Sized {
  return { finding, bytes: bytesOf(finding) };
}

const leastRelevant = (all: readonly Sized[], of: (finding: Finding) => boolean): Sized | undefined =>
  all
    .filter(({ finding }) => of(finding))
    .reduceRight<Sized | undefined>(
      (least, one) =>
        least === undefined || (one.finding.relevance ?? 0.5) < (least.finding.relevance ?? 0.5) ? one : least,
      undefined,
    );

/** With the comma that follows it and the id it will have. */
const bytesOf = (finding: Finding): number => Buffer.byteLength(JSON.stringify(finding)) + 16;

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
