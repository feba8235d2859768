import { CARRIED_RULES } from './carried.ts';
import { cleanText } from './clean.ts';
import { COMMAND_RULES } from './commands.ts';
import { findHalves, HALVES_RULES } from './halves.ts';
import { HOST_RULES } from './hosts.ts';
import { findPrivateKeys } from './keys.ts';
import { createLiterals, findLiterals } from './literals.ts';
import { NAMED_RULES } from './named.ts';
import { PERSONAL_RULES } from './personal.ts';
import { createPseudonyms, placeholder } from './pseudonyms.ts';
import type { Rule } from './rule.ts';
import { type Kind, type Span, mergeSpans, replaceSpans } from './spans.ts';
import { HOOK_RULES, TOKEN_RULES } from './tokens.ts';
import { findWrapped } from './wrapped.ts';

/** `full`: secrets alone are kept back; `redacted`: personal data too; `metadata_only`: machines too, and prompts have no free text. */
export type DataPolicy = 'full' | 'redacted' | 'metadata_only';

export interface RedactorOptions {
  /**
   * Secrets of our own: never sent, whatever they look like. Shorter than 5 characters: ignored. Those that come and go
   * are asked for each time, and are the same array until they change.
   */
  readonly secrets?: readonly string[] | (() => readonly string[]);
  /** `redacted` when absent. */
  readonly policy?: DataPolicy;
  /** Names and addresses of machines are replaced too; always with `metadata_only`. */
  readonly hosts?: boolean;
}

export interface Redaction {
  /** Clean (see `cleanText`) and without what is not to leave. */
  readonly text: string;
  /** How many values were replaced. */
  readonly count: number;
}

export interface Redacting {
  redact(text: string): Redaction;
}

/** One request's redaction: values of personal data are numbered, and can be shown again in what comes back. */
export interface RequestRedactor extends Redacting {
  restore(text: string): string;
}

export interface Redactor extends Redacting {
  openRequest(): RequestRedactor;
}

/**
 * Takes secrets and personal data out of text. Time is linear in its length, about 10 ms for 200 KB; full-width letters
 * are matched as plain ones, and what is not replaced stays as it was written. Never throws.
 */
export function createRedactor(options: RedactorOptions = {}): Redactor {
  const { policy = 'redacted', hosts = policy === 'metadata_only' } = options;
  const literalsNow = createLiterals(options.secrets ?? []);
  const rules = [
    ...SECRET_RULES,
    ...(policy === 'full' ? [] : PERSONAL_RULES),
    ...(hosts || policy === 'metadata_only' ? HOST_RULES : []),
  ];

  function redactAs(text: string, nameOf: (kind: Kind, value: string) => string): Redaction {
    const clean = cleanText(text);
    const plain = plainWidth(clean);
    const literals = literalsNow();
    const found = [
      ...findLiterals(plain, literals),
      ...findHalves(plain, literals),
      ...findPrivateKeys(plain),
      ...rules.flatMap((rule) => findAll(rule, plain)),
    ];
    const spans = mergeSpans([...found, ...findWrapped(plain, found)]);
    const replaced = replaceSpans(clean, spans, ({ kind, from, to }) => nameOf(kind, clean.slice(from, to)));
    return { text: replaced, count: spans.length };
  }

  return {
    redact: (text) => redactAs(text, placeholder),
    openRequest: () => {
      const { nameOf, restore } = createPseudonyms();
      return { redact: (text) => redactAs(text, nameOf), restore };
    },
  };
}

const SECRET_RULES: readonly Rule[] = [
  ...TOKEN_RULES,
  ...HOOK_RULES,
  ...NAMED_RULES,
  ...CARRIED_RULES,
  ...COMMAND_RULES,
  ...HALVES_RULES,
];

/** Full-width letters, digits and signs as plain ones, each in its place, so that positions are the same in both. */
const plainWidth = (text: string): string =>
  text.replaceAll(/[\uFF01-\uFF5E]{1,1024}/g, (wide) => wide.normalize('NFKC')).replaceAll('\u3000', ' ');

function findAll({ pattern, accept, kind }: Rule, text: string): readonly Span[] {
  const spans: Span[] = [];
  for (const found of text.matchAll(pattern)) {
    const value = found.findLast((group) => group !== undefined) ?? found[0];
    if (REPLACED.test(value) || (accept !== undefined && !accept(value, found, text))) continue;
    const to = found.index + found[0].length;
    spans.push({ from: to - value.length, to, kind });
  }
  return spans;
}

/** What an earlier pass put there. */
const REPLACED = /^⟦[a-z-]{2,12}⟧\W{0,3}$/;
