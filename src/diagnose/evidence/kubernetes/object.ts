import type { EpochMs } from '../../../types.ts';
import { readableLine } from '../words.ts';
import { fieldsOf, listOf, stringOf, within } from '../wire.ts';
import type { Item } from './cluster.ts';

export const nameOf = (item: Item): string => stringOf(within(item, 'metadata', 'name'));
export const namespaceOf = (item: Item): string => stringOf(within(item, 'metadata', 'namespace'));
export const createdAt = (item: Item): EpochMs => timeOf(within(item, 'metadata', 'creationTimestamp'));

/** NaN when it is no time. */
export const timeOf = (value: unknown): EpochMs => Date.parse(stringOf(value));

export const numberOf = (value: unknown): number => (typeof value === 'number' ? value : 0);

/** A free text of the API for a sentence: one line, at most 300 characters. */
export const said = (value: unknown, most = 300): string => readableLine(stringOf(value), most);

export interface Owner {
  readonly kind: string;
  readonly name: string;
}

export function ownerOf(item: Item): Owner | undefined {
  const owners = listOf(within(item, 'metadata', 'ownerReferences'));
  const owner = owners.find((each) => within(each, 'controller') === true) ?? owners[0];
  return owner === undefined
    ? undefined
    : { kind: stringOf(within(owner, 'kind')), name: stringOf(within(owner, 'name')) };
}

export interface Condition {
  readonly type: string;
  /** `True`, `False` or `Unknown`. */
  readonly status: string;
  readonly reason: string;
  readonly message: string;
  readonly since: EpochMs;
}

export const conditionsOf = (item: Item): readonly Condition[] =>
  listOf(within(item, 'status', 'conditions')).map((condition) => ({
    type: said(within(condition, 'type'), 60),
    status: said(within(condition, 'status'), 10),
    reason: said(within(condition, 'reason'), 80),
    message: said(within(condition, 'message'), 400),
    since: timeOf(within(condition, 'lastTransitionTime')),
  }));

/** `cpu=100m memory=256Mi` */
export const amounts = (value: unknown): string =>
  Object.entries(fieldsOf(value))
    .slice(0, 8)
    .map(([name, amount]) => `${said(name, 60)}=${said(typeof amount === 'number' ? String(amount) : amount, 40)}`)
    .join(' ');

/** `app=checkout,tier=web` */
export const labelsText = (value: unknown): string => amounts(value).replaceAll(' ', ',');

export interface ContainerSpec {
  readonly name: string;
  readonly image: string;
  readonly spec: unknown;
}

/** Containers of a pod, or of a template of pods. */
export const containersIn = (podSpec: unknown): readonly ContainerSpec[] =>
  [...listOf(within(podSpec, 'initContainers')), ...listOf(within(podSpec, 'containers'))].slice(0, 20).map((spec) => ({
    name: stringOf(within(spec, 'name')),
    image: said(within(spec, 'image'), 200),
    spec,
  }));
