import { createRedactor } from '../../../src/diagnose/redact/redactor.ts';
import { PLANTED, PLANTED_PERSONAL, type Planted } from '../../diagnose/redact/corpus.ts';
import { MORE_PERSONAL, MORE_PLANTED } from '../../diagnose/redact/corpus-more.ts';

export interface RedactionScore {
  readonly planted: number;
  readonly hidden: number;
  /** Lines that still show what they must not. */
  readonly leaking: readonly string[];
}

/** How much of the planted secrets and personal data is kept from leaving. */
export function redaction(): RedactionScore {
  const { redact } = createRedactor();
  const all: readonly Planted[] = [...PLANTED, ...MORE_PLANTED, ...PLANTED_PERSONAL, ...MORE_PERSONAL];
  const leaking = all.filter(({ line, hidden }) => {
    const { text } = redact(line);
    return hidden.some((secret) => text.includes(secret));
  });
  return {
    planted: all.length,
    hidden: all.length - leaking.length,
    leaking: leaking.map(({ line }) => line.slice(0, 80)),
  };
}
