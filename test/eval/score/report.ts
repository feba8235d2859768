import type { RetrievalScore } from '../retrieval/retrieval.ts';
import type { Verdict } from './judge.ts';
import { type Share, ratio, shareOf, untoldShareOf } from './recall.ts';

/** One number of the table. */
export interface Line {
  readonly name: string;
  readonly value: number;
  /** `84 of 90`, or what else makes the number understood. */
  readonly detail: string;
  /** What must hold; a number without a limit is told and no more. */
  readonly limit?: { readonly least: number } | { readonly most: number };
}

export interface Rest {
  readonly retrieval: Readonly<Record<'all' | 'zh-CN' | 'en-US', RetrievalScore>>;
  readonly rejections: Share;
  readonly grounding: Share;
  readonly redaction: Share;
}

export const isMet = ({ value, limit }: Line): boolean =>
  limit === undefined || ('least' in limit ? value >= limit.least : value <= limit.most);

/** All numbers, with the limits that the project has set itself. */
export const linesOf = (verdicts: readonly Verdict[], rest?: Rest): readonly Line[] => [
  ...evidenceLines(verdicts),
  ...ruleLines(verdicts),
  ...(rest === undefined ? [] : restLines(rest)),
];

/** What is told of scenarios on which nothing was tuned: the same numbers, held to nothing. */
export const heldOutLinesOf = (verdicts: readonly Verdict[]): readonly Line[] =>
  [...evidenceLines(verdicts), ...ruleLines(verdicts)]
    .filter(({ name }) => HELD_OUT_NAMES.test(name))
    .map(({ name, value, detail }) => ({ name: `held out: ${name}`, value, detail }));

const HELD_OUT_NAMES = /^(?:evidence recall|baseline|recall above|rules alone|scenarios|abstention|first causes)/;

function evidenceLines(verdicts: readonly Verdict[]): readonly Line[] {
  const recalls = verdicts.map(({ recall }) => recall);
  const baselines = verdicts.map(({ baseline }) => baseline);
  const of = (locale: Verdict['locale']): Share =>
    shareOf(verdicts.filter((one) => one.locale === locale).map(({ recall }) => recall));
  const gap = ratio(shareOf(recalls)) - ratio(shareOf(baselines));
  return [
    line('evidence recall', shareOf(recalls), 0.95),
    line('evidence recall, facts that the alert does not say itself', untoldShareOf(recalls), 0.95),
    line('evidence recall, zh-CN', of('zh-CN')),
    line('evidence recall, en-US', of('en-US')),
    line('baseline: the newest up to the same budget', shareOf(baselines)),
    { name: 'recall above the baseline', value: gap, detail: 'difference', limit: { least: 0.2 } },
  ];
}

function ruleLines(verdicts: readonly Verdict[]): readonly Line[] {
  const ready = verdicts.filter(({ expected }) => expected.status === 'ready');
  const unknown = verdicts.filter(({ unknownName }) => unknownName);
  const [healthy, open] = (['not_an_issue', 'inconclusive'] as const).map((status) =>
    verdicts.filter(({ expected }) => expected.status === status),
  );
  const right = (of: readonly Verdict[]): Share => share(of, ({ rightFamily }) => rightFamily);
  return [
    line('rules alone: right family', right(ready), 0.7),
    line(
      'rules alone: right family where no rule knows the name',
      right(ready.filter(({ unknownName }) => unknownName)),
    ),
    line('scenarios whose alert no rule knows by name', { hits: unknown.length, of: verdicts.length }, 0.5),
    line(
      'abstention where nothing is wrong',
      share(healthy ?? [], ({ abstained }) => abstained),
      0.9,
    ),
    line(
      'abstention where nothing can be told',
      share(open ?? [], ({ abstained }) => abstained),
    ),
    most(
      'scenarios with a claim that must not be made',
      share(verdicts, ({ forbidden }) => forbidden.length > 0),
      // Found by words: one in fifty may only mention what it does not claim.
      0.02,
    ),
    most(
      'first causes that rest on a red herring',
      share(ready, ({ misled }) => misled.length > 0),
    ),
    {
      name: 'time of a diagnosis, median',
      value: median(verdicts.map(({ tookMs }) => tookMs)),
      detail: 'ms, all sources on this machine',
    },
  ];
}

function restLines({ retrieval, rejections, grounding, redaction }: Rest): readonly Line[] {
  const precision = (name: string, score: RetrievalScore, least?: number): Line => ({
    name,
    value: score.precisionAt1,
    detail: `${score.queries} queries`,
    ...(least === undefined ? {} : { limit: { least } }),
  });
  return [
    precision('similar incidents: first is right (P@1)', retrieval.all, 0.85),
    precision('similar incidents: P@1, zh-CN', retrieval['zh-CN'], 0.8),
    precision('similar incidents: P@1, en-US', retrieval['en-US']),
    { name: 'similar incidents: one of three is right (R@3)', value: retrieval.all.recallAt3, detail: '' },
    { name: 'similar incidents: mean reciprocal rank', value: retrieval.all.mrr, detail: '' },
    line('a rejection changes the first cause of a similar incident', rejections, 1),
    line('planted false claims struck or marked', grounding, 1),
    line('planted secrets and personal data hidden', redaction, 0.95),
  ];
}

const line = (name: string, of: Share, least?: number): Line => ({
  name,
  value: ratio(of),
  detail: `${of.hits} of ${of.of}`,
  ...(least === undefined ? {} : { limit: { least } }),
});

const most = (name: string, of: Share, limit?: number): Line => ({
  name,
  value: ratio(of),
  detail: `${of.hits} of ${of.of}`,
  ...(limit === undefined ? {} : { limit: { most: limit } }),
});

const share = (of: readonly Verdict[], hit: (verdict: Verdict) => boolean): Share => ({
  hits: of.filter(hit).length,
  of: of.length,
});

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
