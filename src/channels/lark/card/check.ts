import { isObject } from './tagged.ts';

/** What is wrong with a value, each problem beginning with the path to it; empty when nothing is. */
export type Check = (value: unknown, path: string) => readonly string[];

export type Properties = Readonly<Record<string, Check>>;

const fault =
  (is: (value: unknown) => boolean, what: string): Check =>
  (value, path) =>
    is(value) ? [] : [`${path} must be ${what}`];

/** Lengths are UTF-16 units: never less than what any platform counts. */
export const text = ({ min = 0, max = Infinity }: { readonly min?: number; readonly max?: number } = {}): Check =>
  fault(
    (value) => typeof value === 'string' && value.isWellFormed() && value.length >= min && value.length <= max,
    max === Infinity ? `a text of at least ${min} characters` : `a text of ${min} to ${max} characters`,
  );

export const oneOf = (...allowed: readonly unknown[]): Check =>
  fault((value) => allowed.includes(value), `one of ${allowed.join(', ')}`);

export const flag: Check = fault((value) => typeof value === 'boolean', 'true or false');

export const whole = (min: number, max: number): Check =>
  fault(
    (value) => typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max,
    `a whole number from ${min} to ${max}`,
  );

export const matching = (pattern: RegExp, what: string): Check =>
  fault((value) => typeof value === 'string' && pattern.test(value), what);

export const plainObject: Check = fault(isObject, 'an object');

/** What `always` requires and nothing but what `maybe` adds: the platform refuses a card for one unknown property. */
export const object =
  (always: Properties, maybe: Properties = {}): Check =>
  (value, path) => {
    if (!isObject(value)) return [`${path} must be an object`];
    const known = new Map([...Object.entries(always), ...Object.entries(maybe)]);
    const missing = Object.keys(always).filter((name) => !Object.hasOwn(value, name));
    return [
      ...missing.map((name) => `${path}.${name} is missing`),
      ...Object.entries(value).flatMap(
        ([name, inner]) => known.get(name)?.(inner, `${path}.${name}`) ?? [`${path}.${name} is an unknown property`],
      ),
    ];
  };

export const list =
  (item: Check, max = Infinity): Check =>
  (value, path) => {
    if (!Array.isArray(value)) return [`${path} must be a list`];
    const tooMany = value.length > max ? [`${path} has ${value.length} items, at most ${max} are shown`] : [];
    return [...tooMany, ...value.flatMap((inner: unknown, index) => item(inner, `${path}[${index}]`))];
  };
