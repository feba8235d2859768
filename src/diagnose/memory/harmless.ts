import type { Cause } from '../diagnosis.ts';
import type { Draft } from '../provider.ts';

/** What claims no more than this has not been seen by anybody here. */
const UNSEEN = 0.3;

/** How people write down, when they resolve an incident, that there was none. */
const HARMLESS =
  /\bfalse (alarm|positive)s?\b|\bno (action|intervention|fix) (is |was )?(needed|required|necessary)\b|\bnothing (is|was) (wrong|broken)\b|\bnot an? (real )?(issue|incident|problem)\b|\bharmless\b|\bbenign\b|\bworks as (designed|intended)\b|(?<!\b(?:not|un) ?)\bexpected (behaviou?r|during|while)\b|误报|(无需|不需要|不用|不必)(人工)?(处理|处置|介入|操作|关注)|正常现象|(属于?|(?<!不)符合)(预期|正常)|(?<!不在)预期内|(对业务|业务)?(没有|无)(实际)?影响/i;

/**
 * Whether the likeliest cause is what people wrote down about similar incidents, that those were none, and nothing was
 * seen this time that speaks for another.
 */
export const isHarmless = ([first]: readonly Cause[], draft: Draft): boolean =>
  first?.seen !== undefined &&
  HARMLESS.test(first.statement) &&
  draft.causes.every(({ confidence }) => confidence <= UNSEEN);
