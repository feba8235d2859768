import type { QuotaMeasure } from './usage.ts';
import type { UsageTexts } from './texts/usage.ts';

/** `12,345`: groups of three, whatever the language, as both read it. */
export const formatCount = (n: number): string => String(Math.round(n)).replaceAll(/\B(?=(?:\d{3})+$)/g, ',');

/** `USD 12.34`; below one, as many digits as tell something. */
export function formatMoney(amount: number, currency: string): string {
  if (amount >= 1) {
    const [whole = '0', cents = '00'] = amount.toFixed(2).split('.');
    return `${currency} ${formatCount(Number(whole))}.${cents}`;
  }
  if (amount <= 0) return `${currency} 0`;
  return amount < 0.0001 ? `${currency} <0.0001` : `${currency} ${Number(amount.toPrecision(2))}`;
}

/** An amount of what a quota measures. */
export function formatAmount(amount: number, measure: QuotaMeasure, currency: string, t: UsageTexts): string {
  if (measure === 'cost') return formatMoney(amount, currency);
  return measure === 'tokens' ? t.tokens(formatCount(amount)) : t.calls(formatCount(amount));
}
