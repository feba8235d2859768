import { estimateTokens } from '../providers/estimate.ts';
import { cutAtToken, MAX_TEXT } from '../redact/clean.ts';
import type { Redacting } from '../redact/redactor.ts';
import { cutToTokens } from './budget.ts';
import { createFence } from './fence.ts';

export interface ToolResult {
  /** The evidence id it may be cited by: `E7`. */
  readonly id: string;
  /** The tool's name. */
  readonly source: string;
  readonly text: string;
  /** The tool gave an error. */
  readonly failed?: true;
}

export interface ToolResultLimits {
  /** Of the request that the question was asked with, and its redactor. */
  readonly nonce: string;
  readonly redactor: Redacting;
  /** Estimated, marks included. */
  readonly budgetTokens: number;
}

/** What a tool returned, as the model may have it: redacted, cut, and fenced like all other data. Pure. */
export function fenceToolResult(
  { id, source, text, failed }: ToolResult,
  { nonce, redactor, budgetTokens }: ToolResultLimits,
): { readonly text: string; readonly redacted: number; readonly cut: boolean } {
  const fence = createFence(nonce);
  const attributes = {
    kind: 'tool',
    source: redactor.redact(source).text,
    ...(failed === true ? { failed: 'yes' } : {}),
  };
  const { text: clean, count } = redactor.redact(cutAtToken(text, MAX_TEXT));
  const whole = fence.defang(clean);
  const room = budgetTokens - estimateTokens(fence.wrap(id, { ...attributes, cut: 'yes' }, ''));
  const cut = text.length > MAX_TEXT || estimateTokens(whole) > room;
  const body = cut ? `${cutToTokens(whole, Math.max(0, room - 1))}…` : whole;
  return { text: fence.wrap(id, cut ? { ...attributes, cut: 'yes' } : attributes, body), redacted: count, cut };
}
