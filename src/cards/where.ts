import type { AlertRow } from '../incident/alert.ts';
import type { Labels } from '../types.ts';
import { clean } from './clean.ts';
import type { Texts } from './texts/zh-cn.ts';

/** Label names that say where, widest first; of each row the first one present counts. */
const PLACES = [
  ['cluster', 'env', 'environment', 'region', 'datacenter', '集群', '环境'],
  ['namespace', 'kubernetes_namespace', '命名空间'],
  ['service', 'app', 'application', 'deployment', 'statefulset', 'daemonset', 'job_name', 'job', '服务'],
  ['pod', 'instance', 'node', 'host', 'hostname', 'device', '主机', '实例'],
] as const;

const SHOWN_VALUES = 2;

/**
 * Where it happens, widest first: `prod / shop / checkout / 10.0.0.1:9100`. A label the alerts do not share is gathered
 * from them, two values and then the number. Empty when no label tells.
 */
export const where = (shared: Labels, alerts: readonly AlertRow[], t: Texts): string =>
  PLACES.map((names) => place(names, shared, alerts, t))
    .filter((value, index, all) => value !== '' && all.indexOf(value) === index)
    .join(' / ');

function place(names: readonly string[], shared: Labels, alerts: readonly AlertRow[], t: Texts): string {
  const common = valueOf(names, shared);
  if (common !== '') return common;
  const firing = alerts.filter((alert) => alert.status === 'firing');
  const values = new Set((firing.length > 0 ? firing : alerts).map((alert) => valueOf(names, alert.labels)));
  values.delete('');
  const first = [...values].slice(0, SHOWN_VALUES).join(', ');
  return values.size > SHOWN_VALUES ? `${first} ${t.card.morePlaces(values.size)}` : first;
}

function valueOf(names: readonly string[], labels: Labels): string {
  for (const name of names) {
    const value = labels[name];
    if (value !== undefined && clean(value, 60) !== '') return clean(value, 60);
  }
  return '';
}
