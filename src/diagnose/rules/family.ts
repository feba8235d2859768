import type { Locale } from '../../types.ts';

/**
 * A text in every language, with label values filled in as data: `{pod}` is the value, `{pod,host|something}`
 * the first there is or else the words, and `[ in {namespace}]` disappears whole when a value inside it is missing.
 */
export type Text = Readonly<Record<Locale, string>>;

export const text = (zh: string, en: string): Text => ({ 'zh-CN': zh, 'en-US': en });

/** One thing that can be behind alerts of a family. */
export interface RuleCause {
  /** Unique in its family: the key of the cause is `family/id`. */
  readonly id: string;
  /** How likely it is before anything is known about this alert, 0 … 1. */
  readonly prior: number;
  readonly text: Text;
  /** Words in the alert that speak for this cause. */
  readonly signs?: RegExp;
}

export interface RuleStep {
  readonly text: Text;
  readonly risk: 'safe' | 'careful' | 'dangerous';
  /** Read-only; left out when a value it needs is missing or not made of harmless characters. */
  readonly command?: string;
}

/** What we know about one kind of alert, as data. Patterns are tried on bounded text and never nest quantifiers. */
export interface Family {
  readonly id: string;
  /** Tried on the alert's name and title. */
  readonly names: RegExp;
  /** Tried on summary, annotations and reason labels: weaker than a name. */
  readonly words?: RegExp;
  /** The line of the very first card. */
  readonly hint: Text;
  readonly summary: Text;
  /** Most likely first. */
  readonly causes: readonly RuleCause[];
  readonly steps: readonly RuleStep[];
}
