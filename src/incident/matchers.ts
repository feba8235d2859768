import type { Labels } from '../types.ts';
import { SEVERITIES } from './alert.ts';
import type { Incident } from './incident.ts';
import { compileRegex } from './regex.ts';

export const MATCHER_OPS = ['=', '!=', '=~', '!~'] as const;
export type MatcherOp = (typeof MATCHER_OPS)[number];

/** One condition on one label; a list of them means all. Stored as JSON in `silences.matchers` and `bindings.matchers`. */
export interface Matcher {
  readonly name: string;
  readonly op: MatcherOp;
  readonly value: string;
}

/** Tells whether labels satisfy all conditions. `complete`: a label that is not there is known to be empty. */
export type Matches = (labels: Labels, complete: boolean) => boolean;

/** Reads `severity=critical, service=~"pay.*" env!=test` (commas or spaces between). Throws `Error` in words for the writer. */
export function parseMatchers(text: string): Matcher[] {
  const matchers: Matcher[] = [];
  let rest = text.trim();
  while (rest !== '') {
    const found = ONE.exec(rest);
    if (found === null)
      throw new Error(`cannot read "${rest.slice(0, 40)}": write name=value, name!=value, name=~"regex"`);
    const [whole, name = '', op = '', quoted, bare] = found;
    const value = quoted === undefined ? (bare ?? '') : quoted.replace(/\\(.)/g, '$1');
    matchers.push(checked({ name, op, value }));
    rest = rest.slice(whole.length).replace(/^[\s,]+/, '');
  }
  return matchers;
}

/** Reads what a row or a REST body holds: `[{name, op, value}]`. Throws `Error` in words for the writer. */
export function readMatchers(value: unknown): Matcher[] {
  if (!Array.isArray(value)) throw new Error('matchers: a list of {name, op, value} is expected');
  return value.map((item: unknown) => {
    const { name, op, value: text }: { name?: unknown; op?: unknown; value?: unknown } = Object(item);
    if (typeof name !== 'string' || typeof op !== 'string' || typeof text !== 'string') {
      throw new Error('matchers: every one needs name, op and value as text');
    }
    return checked({ name, op, value: text });
  });
}

/** The text that `parseMatchers` reads back. */
export const formatMatchers = (matchers: readonly Matcher[]): string =>
  matchers.map(({ name, op, value }) => `${name}${op}${JSON.stringify(value)}`).join(', ');

/** Compiles a list once for many tests; an empty list matches everything. */
export function compileMatchers(matchers: readonly Matcher[]): Matches {
  const tests = matchers.map(compileOne);
  return (labels, complete) => tests.every((test) => test(labels, complete));
}

/** False when no labels can satisfy both lists, as far as plain values tell. */
export const maySatisfyBoth = (some: readonly Matcher[], others: readonly Matcher[]): boolean =>
  !some.some((one) => others.some((other) => contradicts(one, other)));

function contradicts(one: Matcher, other: Matcher): boolean {
  if (one.name !== other.name) return false;
  if (one.op === '=' && other.op === '=') return one.value !== other.value;
  const opposed = (one.op === '=' && other.op === '!=') || (one.op === '!=' && other.op === '=');
  return opposed && one.value === other.value;
}

/** An incident's labels as matchers see them: its shared labels, and our own words for what every alert has. */
const matchedLabels = ({ labels, severity, source, integration }: Incident): Labels =>
  Object.assign(Object.create(null), labels, { severity, source, integration }); // null prototype: names are strangers'

/** With one alert the shared labels are all its labels; with more, one that is missing may differ between them. */
export const matchesIncident = (matches: Matches, incident: Incident): boolean =>
  matches(matchedLabels(incident), incident.alertsCount <= 1);

/** True when the list would match (nearly) every incident there can be; such a silence is refused. */
export function matchesAll(matchers: readonly Matcher[]): boolean {
  return !matchers.some(narrows);
}

/** A condition narrows when it asks for something, and not for anything at all. */
function narrows({ name, op, value }: Matcher): boolean {
  if (op === '!=' || op === '!~') return false;
  if (op === '=') return value !== '';
  const regex = compileRegex(value);
  const probes = name === 'severity' ? SEVERITIES : ['', 'zhiban-probe-7f3a', '值班 42!'];
  return !probes.every((probe) => probe === '' || regex.test(probe)) && !regex.test('');
}

function compileOne({ name, op, value }: Matcher): Matches {
  const regex = op === '=~' || op === '!~' ? compileRegex(value) : undefined;
  const positive = op === '=' || op === '=~';
  return (labels, complete) => {
    if (!complete && !Object.hasOwn(labels, name)) return false;
    const actual = Object.hasOwn(labels, name) ? (labels[name] ?? '') : '';
    return (regex === undefined ? actual === value : regex.test(actual)) === positive;
  };
}

function checked({ name, op, value }: { readonly name: string; readonly op: string; readonly value: string }): Matcher {
  const known = MATCHER_OPS.find((candidate) => candidate === op);
  if (known === undefined) throw new Error(`matchers: ${op} is none of ${MATCHER_OPS.join(' ')}`);
  if (name === '' || name.length > 256 || value.length > 1024) throw new Error('matchers: a name or value is too long');
  if (known === '=~' || known === '!~') compileRegex(value);
  return { name, op: known, value };
}

/** name, operator, then a quoted value or one up to a space or comma. */
const ONE = /^([\p{L}_][\p{L}\p{N}_.:/-]*)\s*(=~|!~|!=|=)\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))/u;
