import type { Labels } from '../../../types.ts';
import { toldOf } from '../../facts.ts';
import { nameOf as alertNameOf } from '../../match.ts';
import type { Facts } from '../../ports.ts';
import { nameOf } from './parse.ts';
import type { Runbook, Section } from './runbook.ts';

/** Why a runbook is for an incident, the surest first. */
export type Reason = 'alert' | 'url' | 'heading' | 'name' | 'labels' | 'text';

export interface Fit {
  readonly reason: Exclude<Reason, 'text'>;
  /** The section that a heading names. */
  readonly section?: Section;
  /** The address in the alert that names this file. */
  readonly url?: string;
}

/** What is looked for in runbooks. */
export interface Wanted {
  /** Names of the incident's alerts. */
  readonly names: readonly string[];
  readonly labels: readonly Labels[];
  /** What the alerts give as their runbook. */
  readonly urls: readonly string[];
}

export function wantedOf(facts: Facts): Wanted {
  const told = toldOf(facts);
  const names = told
    .flatMap((one) => [alertNameOf(one), one.title])
    .filter((name) => name !== '' && name.length <= 200);
  const urls = facts.alerts.flatMap(({ annotations, links }) => [
    annotations['runbook_url'] ?? '',
    annotations['runbook'] ?? '',
    ...links.filter(({ kind }) => kind === 'runbook').map(({ url }) => url),
  ]);
  return {
    names: [...new Set(names)].slice(0, 10),
    labels: told.slice(0, 5).map(({ labels }) => labels),
    urls: [...new Set(urls)].filter((url) => /^https?:\/\//i.test(url) && url.length <= 2000).slice(0, 10),
  };
}

/** Whether a runbook says, by its front matter, name or headings, that it is for these alerts. */
export function fitOf(runbook: Runbook, wanted: Wanted): Fit | undefined {
  const { alerts, labels } = runbook;
  const hasLabels = Object.keys(labels).length > 0;
  if (hasLabels && !wanted.labels.some((given) => hasAll(given, labels))) return undefined;
  if (alerts.some((pattern) => wanted.names.some((name) => globs(pattern, name)))) return { reason: 'alert' };
  // One that names its alerts is for these alone.
  if (alerts.length > 0) return undefined;
  const url = wanted.urls.find((one) => isFile(one, nameOf(runbook.path)));
  if (url !== undefined) return { reason: 'url', url };
  const section = runbook.sections.find(({ heading }) => wanted.names.some((name) => isNamed(heading, name)));
  if (section !== undefined) return { reason: 'heading', section };
  const file = letters(nameOf(runbook.path));
  if (file !== '' && wanted.names.some((name) => letters(name) === file)) return { reason: 'name' };
  return hasLabels ? { reason: 'labels' } : undefined;
}

const hasAll = (given: Labels, wanted: Labels): boolean =>
  Object.entries(wanted).every(([name, pattern]) => {
    const value = given[name];
    return value !== undefined && globs(pattern, value);
  });

/** `*` stands for any characters; case does not matter. Steps are bounded by the product of the two lengths. */
function globs(pattern: string, text: string): boolean {
  const [p, t] = [pattern.toLowerCase(), text.toLowerCase().slice(0, 1000)];
  let [at, from, star, mark] = [0, 0, -1, 0];
  while (from < t.length) {
    if (at < p.length && p[at] === '*') {
      [star, mark] = [at, from];
      at += 1;
    } else if (at < p.length && p[at] === t[from]) {
      at += 1;
      from += 1;
    } else if (star !== -1) {
      mark += 1;
      [at, from] = [star + 1, mark];
    } else return false;
  }
  while (p[at] === '*') at += 1;
  return at === p.length;
}

/** An address whose path ends in this file: `…/runbooks/KubePodCrashLooping` or `…/kubepodcrashlooping.md`. */
function isFile(address: string, name: string): boolean {
  const last = URL.parse(address)?.pathname.replace(/\/+$/, '').split('/').at(-1) ?? '';
  const file = unescaped(last).replace(/\.(?:md|markdown|html?)$/i, '');
  return file.toLowerCase() === name.toLowerCase() && !/^(?:readme|index)?$/i.test(file);
}

function unescaped(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** A heading that is an alert's name, or has it as a word of its own: `Alert: HighErrorRate`. */
function isNamed(heading: string, alert: string): boolean {
  const [inside, wanted] = [heading.toLowerCase(), alert.toLowerCase()];
  if (inside === wanted) return true;
  // A short or a plain word would be found in headings about anything.
  if (wanted.length < 8 || /^[a-z]+$/.test(alert)) return false;
  return inside.split(/[\s:：,，、()（）[\]]+/u).includes(wanted);
}

const letters = (text: string): string => text.toLowerCase().replaceAll(/[^\p{L}\p{N}]+/gu, '');
