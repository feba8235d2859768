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
  /** Words that speak for this cause, in the alert and in what logs, the cluster and probes say. */
  readonly signs?: RegExp;
  /** Titles and names of metrics whose rise around the start speaks for it. */
  readonly rises?: RegExp;
  /** Those whose steady growth does. */
  readonly grows?: RegExp;
  /** What a change must say to be it, when it was made to the same service shortly before and trouble followed. */
  readonly changed?: RegExp;
}

export interface RuleStep {
  readonly text: Text;
  readonly risk: 'safe' | 'careful' | 'dangerous';
  /** Read-only; left out when a value it needs is missing or not made of harmless characters. */
  readonly command?: string;
}

/** From what users notice to what is behind it: of two that the evidence shows, the deeper one is the root. */
export type Depth = 0 | 1 | 2 | 3;

/** What we know about one kind of alert, as data. Patterns are tried on bounded text and never nest quantifiers. */
export interface Family {
  readonly id: string;
  readonly depth: Depth;
  /** Tried on the alert's name and title, as they are and with words of camel case apart. */
  readonly names: RegExp;
  /** Tried on summary, annotations and reason labels: weaker than a name. */
  readonly words?: RegExp;
  /** What programs write when it is this and nothing else: tried on logs, states, events and probes. */
  readonly says?: RegExp;
  /** What they often write with it, and for other reasons too. */
  readonly suggests?: RegExp;
  /** Names of metrics and titles of planned ones that are about it. */
  readonly metrics?: RegExp;
  /** The line of the very first card. */
  readonly hint: Text;
  readonly summary: Text;
  /** Most likely first. */
  readonly causes: readonly RuleCause[];
  readonly steps: readonly RuleStep[];
}

/** Metrics by which traffic is seen to rise. */
export const REQUESTS =
  /requests by status|through the ingress|http_requests_total|http_server_requests_seconds_count|按状态码的请求/i;
