import { line } from '../cards/rich.ts';
import type { Card } from '../cards/card.ts';
import type { IncidentId } from '../incident/incident.ts';
import type { Answer, Outcome, RefusalCode } from './operation.ts';

/** Longest sentence that any answer of ours needs. */
const LONGEST = 1000;

/** One sentence, or a card with the sentence as its short form. */
export const say = (brief: string, card?: Card): Answer =>
  card === undefined ? { brief, text: line(brief, undefined, LONGEST) } : { brief, card };

export const done = (brief: string, more: { incidentId?: IncidentId; data?: unknown; card?: Card } = {}): Outcome => {
  const { card, ...rest } = more;
  return { ok: true, answer: say(brief, card), ...rest };
};

export const refuse = (code: RefusalCode, brief: string, incidentId?: IncidentId): Outcome => ({
  ok: false,
  code,
  answer: say(brief),
  ...(incidentId === undefined ? {} : { incidentId }),
});
