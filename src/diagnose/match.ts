import { expressionsIn } from './rules/expressions.ts';
import { FAMILIES } from './rules/families.ts';
import type { Family } from './rules/family.ts';
import { type Told, readable } from './subject.ts';

/** Why we think an alert belongs to a family. */
export interface Match {
  readonly family: Family;
  /**
   * `name` is the alert's own name, `title` its headline, `metric` what its expression asks for, `words` something it
   * says, `evidence` what was looked up.
   */
  readonly by: 'name' | 'title' | 'metric' | 'words' | 'evidence';
  /** The words that fit, as the alert or the evidence has them. */
  readonly found: string;
}

/**
 * Finds the family of an alert: its name decides, else its title, else the metrics of its expression, else what it says.
 * Pure, well under a millisecond.
 */
export function match(told: Told): Match | undefined {
  return (
    firstMatch('name', apart(nameOf(told)), (family) => family.names) ??
    firstMatch('title', apart(told.title.slice(0, 500)), (family) => family.names) ??
    firstMatch('metric', expressionsIn(told), (family) => family.metrics) ??
    firstMatch('words', textOf(told), (family) => family.words)
  );
}

/** The rule's or alert's own name, empty when the sender has none. */
export const nameOf = ({ labels }: Told): string => {
  for (const name of NAMES) {
    const value = labels[name] ?? '';
    if (value !== '') return value.slice(0, 200);
  }
  return '';
};

/** All that an alert says, bounded: what the patterns of words and signs are tried on. */
export function textOf({ title, summary = '', labels, annotations = {} }: Told): string {
  const said = Object.entries(annotations).filter(([name]) => !/url|link|^__/i.test(name));
  const reasons = REASONS.map((name) => labels[name] ?? '');
  return [title, summary, ...said.map(([, value]) => value), ...reasons]
    .map((part) => part.slice(0, 1500))
    .join('\n')
    .slice(0, 4000);
}

/** The family that a bare name of an alert belongs to, such as that of another one that fires. */
export const familyNamed = (name: string): Family | undefined =>
  firstMatch('name', apart(name.slice(0, 200)), ({ names }) => names)?.family;

/** The family of this id, as evidence told of it; undefined when there is none. */
export function matchOf(id: string): Match | undefined {
  const family = FAMILIES.find((one) => one.id === id);
  return family === undefined ? undefined : { family, by: 'evidence', found: id };
}

const NAMES = ['alertname', 'rulename', 'rule_name', 'alert_name', '告警名称', '规则'];
const REASONS = ['reason', 'condition', 'mountpoint', 'device', 'resource', 'status', 'phase', '原因', '现象', '描述'];

/** As it is, and on a line of its own with the words of camel case apart: `KubeAPIDown` says `API Down`. */
const apart = (name: string): string => {
  const words = name.replaceAll(/([a-z\d])([A-Z])/g, '$1 $2').replaceAll(/([A-Z])([A-Z][a-z])/g, '$1 $2');
  return words === name ? name : `${name}\n${words}`;
};

function firstMatch(by: Match['by'], text: string, pattern: (family: Family) => RegExp | undefined): Match | undefined {
  if (text === '') return undefined;
  for (const family of FAMILIES) {
    const found = pattern(family)?.exec(text)?.[0];
    if (found !== undefined) return { family, by, found: readable(found) };
  }
  return undefined;
}
