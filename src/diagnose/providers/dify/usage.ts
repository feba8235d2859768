import type { ModelReply } from '../model.ts';
import { countAt, fieldAt, textAt } from './fields.ts';

export type Usage = ModelReply['usage'];

/** Prices are decimal texts: `"0.0012890"`. Undefined when nothing is told. */
export function usageOf(told: unknown): Usage | undefined {
  const [tokensIn, tokensOut] = [countAt(told, 'prompt_tokens'), countAt(told, 'completion_tokens')];
  const cost = costOf(told);
  if (tokensIn === undefined && tokensOut === undefined && cost === undefined) return undefined;
  return {
    ...(tokensIn === undefined ? {} : { tokensIn }),
    ...(tokensOut === undefined ? {} : { tokensOut }),
    ...(cost === undefined ? {} : { cost }),
  };
}

function costOf(told: unknown): Usage['cost'] {
  const price = fieldAt(told, 'total_price');
  const amount = typeof price === 'string' && price.trim() !== '' ? Number(price) : price;
  const currency = textAt(told, 'currency');
  if (typeof amount !== 'number' || !(amount >= 0) || currency === undefined || currency === '') return undefined;
  // A price of nothing means that Dify knows none: local and custom models have none there.
  return amount > 0 && Number.isFinite(amount) ? { amount, currency } : undefined;
}

/** Several models may speak in one run; a second currency is not added up. */
export function addUsage(sum: Usage | undefined, part: Usage): Usage {
  if (sum === undefined) return part;
  const cost = addCost(sum.cost, part.cost);
  return {
    tokensIn: (sum.tokensIn ?? 0) + (part.tokensIn ?? 0),
    tokensOut: (sum.tokensOut ?? 0) + (part.tokensOut ?? 0),
    ...(cost === undefined ? {} : { cost }),
  };
}

function addCost(a: Usage['cost'], b: Usage['cost']): Usage['cost'] {
  if (a === undefined || b === undefined) return a ?? b;
  return a.currency === b.currency ? { amount: a.amount + b.amount, currency: a.currency } : a;
}
