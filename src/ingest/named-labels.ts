import type { Labels } from '../types.ts';
import { ANNOTATION_LENGTH, LABEL_LENGTH, emptyLabels, labelsOf } from './text.ts';

/**
 * Labels from the lines and from metadata, under one name each, so that what a script and a bot in a chat say is one
 * alert. Another value of one name, a second service say, joins the first; how bad it is, the first line says.
 */
export function labelsIn(message: string, facts: Labels): Labels {
  const labels = emptyLabels();
  const add = (label: string, value: string): void => {
    const known = labels[label];
    if (known === undefined) labels[label] = value;
    else if (label !== 'severity' && !known.split(', ').includes(value)) labels[label] = `${known}, ${value}`;
  };
  for (const line of message.slice(0, ANNOTATION_LENGTH).split('\n', MAX_LINES)) {
    const [, name = '', value = ''] = LINE.exec(line) ?? [];
    const label = NAMES.get(name.toLowerCase());
    if (label !== undefined) add(label, value.trim());
  }
  for (const name in facts) {
    const label = metadataLabel(name.toLowerCase());
    const value = facts[name]?.trim() ?? '';
    if (label !== undefined && value !== '') add(label, value);
  }
  return labelsOf(labels, LABEL_LENGTH);
}

/** How bad it is stands in metadata under its own name, and comes first there. */
function metadataLabel(name: string): string | undefined {
  const label = NAMES.get(name) ?? (NAMED_BY_METADATA.has(name) ? name : undefined);
  return label === 'severity' ? undefined : label;
}

/**
 * One title about two services is two alerts. Names keep their digits, `web-1` is not `web-2`; a time, a date or a share
 * beside a name is a reading. How bad it is tells nothing about what it is.
 */
export function affectedOf({ severity: _severity, ...labels }: Labels): Labels {
  const affected = emptyLabels();
  for (const name in labels) affected[`label ${name}`] = withoutReadings(labels[name] ?? '');
  return affected;
}

const READING = /^[([\uFF08]?(?:\d{4}-\d\d?-\d\d?(?:T\S+)?|\d\d?:\d\d(?::\d\d\S*)?|\d+(?:\.\d+)?%)[)\]\uFF09,;]?$/;

function withoutReadings(value: string): string {
  const words = value.split(/\s+/);
  const names = words.filter((word) => !READING.test(word));
  return (names.length === 0 ? words : names).join(' ');
}

/** What became a label is shown as one, and not said again. */
export const isLabelLine = (line: string): boolean => NAMES.has(LINE.exec(line)?.[1]?.toLowerCase() ?? '');

/** What a line may begin with to become a label. */
const NAMES: ReadonlyMap<string, string> = new Map([
  ['服务', 'service'],
  ['service', 'service'],
  ['命名空间', 'namespace'],
  ['namespace', 'namespace'],
  ['级别', 'severity'],
  ['severity', 'severity'],
  ['集群', 'cluster'],
  ['cluster', 'cluster'],
  ['环境', 'env'],
  ['env', 'env'],
  ['主机', 'host'],
  ['host', 'host'],
  ['实例', 'instance'],
  ['instance', 'instance'],
  ['节点', 'node'],
  ['node', 'node'],
  ['应用', 'app'],
  ['app', 'app'],
  ['pod', 'pod'],
]);
/** What names the affected thing in metadata besides. */
const NAMED_BY_METADATA = new Set([
  'hostname',
  'ip',
  'region',
  'zone',
  'container',
  'deployment',
  'component',
  'database',
  'queue',
  'topic',
  'device',
  'mountpoint',
]);
const MAX_LINES = 200;
const LINE = /^\s*([^\s:\uFF1A]{1,20})\s*[:\uFF1A]\s*(\S.*)$/;
