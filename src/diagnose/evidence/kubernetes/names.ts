/** Whether a value can be the name of an object: others never get into a path. */
export const isObjectName = (value: string | undefined): value is string =>
  value !== undefined && value.length <= 253 && /^[a-z0-9](?:[-a-z0-9.]{0,251}[a-z0-9])?$/.test(value);

/** Whether a value can be the name of a namespace. */
export const isNamespace = (value: string | undefined): value is string =>
  value !== undefined && /^[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?$/.test(value);

/** Whether a value can be a label's value: others never get into a selector. */
export const isLabelValue = (value: string | undefined): value is string =>
  value !== undefined && /^[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/.test(value);

/** `checkout` of `checkout-7d9f8b6c5-x2x4q`, `redis` of `redis-0`; undefined when the name has no such end. */
export function workloadOf(pod: string): string | undefined {
  return (
    /^(.+)-(?=[a-z0-9]{0,9}\d)[a-z0-9]{6,10}-[a-z0-9]{5}$/.exec(pod)?.[1] ??
    /^(.+)-\d{1,4}$/.exec(pod)?.[1] ??
    /^(.+)-[a-z0-9]{5}$/.exec(pod)?.[1]
  );
}
