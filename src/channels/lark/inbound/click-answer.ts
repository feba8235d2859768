import type { PressAnswer } from '../../channel.ts';

const TYPES = { ok: 'success', info: 'info', error: 'error' } as const satisfies Record<
  PressAnswer['toast']['tone'],
  string
>;

/**
 * What the platform takes as an answer to a click: a toast, and the card that takes the place of the pressed one.
 * Legacy clicks take the card itself at the top. Whether every client shows a card from an answer is disputed, so an
 * edit with the same state follows it in any case.
 */
export function clickAnswer({ toast }: PressAnswer, card: object | undefined, legacy: boolean): object {
  const told = { toast: { type: TYPES[toast.tone], content: toast.text } };
  if (card === undefined) return told;
  return legacy ? { ...card, ...told } : { ...told, card: { type: 'raw', data: card } };
}
