import type { Step } from '../diagnosis.ts';
import { withoutCommands } from './commands.ts';
import { riskOf } from './risk.ts';
import type { AnsweredStep } from './schema.ts';
import { cleanAnswerText } from './text.ts';

const MOST_STEPS = 5;
const TEXT = 240;

export interface StepOptions {
  readonly runbookIds: readonly string[];
  readonly redact: (text: string) => string;
}

/** Steps as they may be shown: in words, of a risk no lower than their words tell, with runbooks that exist. */
export function stepsOf(
  answered: readonly AnsweredStep[],
  { runbookIds, redact }: StepOptions,
): { readonly list: readonly Step[]; readonly struck: number } {
  const list: Step[] = [];
  let struck = 0;
  for (const { text, risk, runbook } of answered) {
    const said = cleanAnswerText(text, { max: TEXT, redact });
    const words = withoutCommands(said);
    const shown = words.removed === 0 ? said : words.text.replace(LEFT_OVER, '').trim();
    const runbookId = runbookIds.find((id) => id === runbook);
    struck += words.removed + (runbookId === undefined && runbook !== null && runbook !== '' ? 1 : 0);
    if (list.length === MOST_STEPS || !(words.removed > 0 ? SENTENCE : WORD).test(shown)) {
      struck += words.removed > 0 ? 0 : 1;
      continue;
    }
    // Of the whole: that the command is gone does not make what it was for harmless.
    list.push({ text: shown, risk: riskOf(said, risk), ...(runbookId === undefined ? {} : { runbookId }) });
  }
  return { list, struck };
}

/** What led up to a command: `…, for example by running: …`. */
const LEFT_OVER =
  /[\s,;:：，；(（"'“]{0,6}(?:(?:\b(?:please|you can|then|first|run|execute|use|using|with|via|by|and|running|type|enter|e\.g\.|for example|the command|command)\b|请|可以|可|例如|执行|运行|使用|通过|输入|用|以下命令|命令)[\s,:：，(（"'“]{0,6}){0,5}…[\s.;:)）"'”…]{0,6}$/i;

const WORD = /[\p{L}\p{N}]/u;
/** What is worth keeping once a command is gone: two words, or four characters of Chinese. */
const SENTENCE = /(?:\p{Script=Han}[^]{0,40}?){4}|\p{L}{2,}[^]{0,20}?\P{L}\p{L}{2,}/u;
