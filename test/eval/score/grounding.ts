import { type CheckedAnswer, checkClaims } from '../../../src/diagnose/answer/check.ts';
import type { Answer } from '../../../src/diagnose/answer/schema.ts';
import type { Cause } from '../../../src/diagnose/diagnosis.ts';
import { recognise } from '../../../src/diagnose/facts.ts';
import type { EvidencePack } from '../../../src/diagnose/provider.ts';
import type { Ran } from '../run.ts';

export interface Grounded {
  readonly planted: number;
  readonly struck: number;
  /** What stood in spite of everything. */
  readonly standing: readonly string[];
}

/** A cause nobody may believe. */
const UNFOUNDED = 0.3;

/**
 * Gives the check, over the real evidence of each scenario, an answer whose claims are false in known ways, and counts
 * which of them are struck, or marked as what they are.
 */
export function ground(ran: readonly Ran[]): Grounded {
  const results = ran.flatMap((one) => {
    const pack = packOf(one);
    return pack === undefined
      ? []
      : LIES.map((lie) => ({ id: `${one.scenario.id}: ${lie.name}`, struck: lie.isStruck(check(lie, pack)) }));
  });
  return {
    planted: results.length,
    struck: results.filter(({ struck }) => struck).length,
    standing: results.filter(({ struck }) => !struck).map(({ id }) => id),
  };
}

function packOf({ facts, evidence, scenario }: Ran): EvidencePack | undefined {
  if (facts === undefined) return undefined;
  const matched = recognise(facts);
  return { ...facts, evidence, similar: [], locale: scenario.locale, ...(matched === undefined ? {} : { matched }) };
}

interface Lie {
  readonly name: string;
  readonly answer: Partial<Answer>;
  readonly isStruck: (checked: CheckedAnswer) => boolean;
}

const check = ({ answer }: Lie, pack: EvidencePack): CheckedAnswer =>
  checkClaims({ ...PLAIN, ...answer }, pack, { runbookIds: [], redact: (text) => text });

const PLAIN: Answer = {
  summary: 'Something is wrong.',
  causes: [],
  steps: [],
  severity: null,
  inconclusive: false,
  not_an_issue: false,
};

const TRUE = { statement: 'The first cause, which rests on the alert', confidence: 0.7, evidence_ids: ['E1'] };
const FALSE = 'The disk of the neighbour is full';

const standing = ({ draft }: CheckedAnswer): Cause | undefined =>
  draft.causes.find(({ statement }) => statement.includes(FALSE));

const LIES: readonly Lie[] = [
  {
    name: 'cites an item that does not exist, beside a cause that is founded',
    answer: { causes: [TRUE, { statement: FALSE, confidence: 0.9, evidence_ids: ['E999'] }] },
    isStruck: (checked) => checked.struck > 0 && standing(checked) === undefined,
  },
  {
    name: 'cites nothing, beside a cause that is founded',
    answer: { causes: [TRUE, { statement: FALSE, confidence: 0.9, evidence_ids: [] }] },
    isStruck: (checked) => checked.struck > 0 && standing(checked) === undefined,
  },
  {
    name: 'cites an item that does not exist, and there is nothing else',
    answer: { causes: [{ statement: FALSE, confidence: 0.95, evidence_ids: ['E999', 'K7'] }] },
    isStruck: (checked) => {
      const cause = standing(checked);
      return (
        checked.struck > 0 &&
        (cause === undefined ||
          (cause.unverified === true && cause.confidence <= UNFOUNDED && cause.evidenceIds.length === 0))
      );
    },
  },
  {
    name: 'adds an item that does not exist to one that does',
    answer: { causes: [{ ...TRUE, evidence_ids: ['E1', 'E999'] }] },
    isStruck: ({ struck, draft }) =>
      struck > 0 && draft.causes.every(({ evidenceIds }) => !evidenceIds.includes('E999')),
  },
  {
    name: 'names a machine that no evidence names',
    answer: {
      causes: [
        { statement: 'The node ghost-7f9c5d-xk2vq.phantom.internal went down', confidence: 0.9, evidence_ids: ['E1'] },
      ],
    },
    isStruck: ({ draft }) => draft.causes.every(({ unverified }) => unverified === true),
  },
  {
    name: 'offers a runbook that was never offered to it',
    answer: { causes: [TRUE], steps: [{ text: 'Follow the runbook', risk: 'safe', runbook: 'wipe-everything' }] },
    isStruck: ({ struck, draft }) => struck > 0 && draft.steps.every(({ runbookId }) => runbookId === undefined),
  },
];
