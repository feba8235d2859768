import { hash } from 'node:crypto';
import type { Labels } from '../types.ts';
import type { Alert } from './alert.ts';

/** Group labels that name the problem itself, so that the group is the incident. */
const NAMING = ['alertname', 'rulename', 'rule_name', 'ruleName', 'rule_uid', 'ruleUID', '__alert_rule_uid__'];

/** Same alert, same value: from one integration, in one format, about one thing. */
export const identityOf = ({ integration, source, fingerprint }: Alert): string =>
  digest([integration, source, fingerprint]);

/**
 * Which incident a new alert belongs to: the sender's group where its labels name the problem, else the group and the
 * alert's name, else the alert itself.
 */
export function incidentKeyOf(alert: Alert): string {
  const group = alert.groupLabels;
  if (group === undefined) return digest([alert.integration, alert.source, 'alert', alert.fingerprint]);
  const pairs = Object.keys(group)
    .toSorted()
    .flatMap((name) => [name, group[name] ?? '']);
  if (NAMING.some((name) => group[name] !== undefined)) {
    return digest([alert.integration, alert.source, 'group', ...pairs]);
  }
  const name = nameOf(alert.labels);
  if (name === undefined) return digest([alert.integration, alert.source, 'alert', alert.fingerprint]);
  return digest([alert.integration, alert.source, 'group', ...pairs, 'name', name]);
}

/** The alert rule's name as its labels have it. */
export function nameOf(labels: Labels): string | undefined {
  for (const name of NAMING) if (Object.hasOwn(labels, name)) return labels[name];
  return undefined;
}

/** JSON keeps `['a','bc']` and `['ab','c']` apart; 128 bits are plenty for identity. */
const digest = (parts: readonly string[]): string => hash('sha256', JSON.stringify(parts), 'hex').slice(0, 32);
