import { isJson } from '../answer.ts';

/** What a walk through a card knows and gathers. */
export interface Walk {
  /** ` -> body -> elements -> [2](tag: chart)`, as the platform's ErrPath. */
  readonly path: string;
  /** How many containers are around this value. */
  readonly depth: number;
  readonly insideForm: boolean;
  readonly atRoot: boolean;
  readonly seen: Seen;
}

export interface Seen {
  readonly problems: Problem[];
  readonly elementIds: string[];
  readonly names: string[];
  readonly people: string[];
  tagged: number;
  tables: number;
}

/** `subCode` is the platform's `ErrCode` inside 230099. */
export interface Problem {
  readonly subCode: number;
  readonly path: string;
  readonly message: string;
}

export type Check = (value: unknown, walk: Walk) => void;

export const newWalk = (): Walk => ({
  path: 'ROOT',
  depth: 0,
  insideForm: false,
  atRoot: false,
  seen: { problems: [], elementIds: [], names: [], people: [], tagged: 0, tables: 0 },
});

export function report(walk: Walk, message: string, subCode = 200621): void {
  walk.seen.problems.push({ subCode, path: walk.path, message });
}

export const into = (walk: Walk, step: string | number): Walk => ({
  ...walk,
  path: `${walk.path} -> ${typeof step === 'number' ? `[${step}]` : step}`,
});

export const text =
  (max = Infinity): Check =>
  (value, walk) => {
    if (typeof value !== 'string') report(walk, 'expected a string');
    else if (Array.from(value).length > max) report(walk, `more than ${max} characters`);
  };

export const pattern =
  (expression: RegExp, what: string): Check =>
  (value, walk) => {
    if (typeof value !== 'string' || !expression.test(value)) report(walk, `expected ${what}`);
  };

export const oneOf =
  (...allowed: readonly (string | number | boolean)[]): Check =>
  (value, walk) => {
    if (!allowed.some((each) => each === value)) {
      report(walk, `value ${JSON.stringify(value)} is not among ${allowed.join(', ')}`);
    }
  };

export const flag: Check = (value, walk) => {
  if (typeof value !== 'boolean') report(walk, 'expected a boolean');
};

export const between =
  (least: number, most: number): Check =>
  (value, walk) => {
    if (typeof value !== 'number' || value < least || value > most) report(walk, `expected ${least} to ${most}`);
  };

export const anything: Check = () => undefined;

export const anyObject: Check = (value, walk) => {
  if (!isJson(value)) report(walk, 'expected an object');
};

export const either =
  (...checks: readonly Check[]): Check =>
  (value, walk) => {
    const attempts = checks.map((check) => {
      const trial = { ...walk, seen: { ...walk.seen, problems: [] as Problem[] } };
      check(value, trial);
      return trial.seen.problems;
    });
    if (attempts.every((problems) => problems.length > 0)) walk.seen.problems.push(...(attempts[0] ?? []));
  };

export const listOf =
  (item: Check, most = Infinity): Check =>
  (value, walk) => {
    if (!Array.isArray(value)) return report(walk, 'expected an array');
    if (value.length > most) report(walk, `more than ${most} entries`);
    for (const [index, each] of value.entries()) item(each, into(walk, index));
  };

/** An object with these properties and no other: an unknown property is an error in 2.0. */
export const only =
  (properties: Readonly<Record<string, Check>>, ...required: readonly string[]): Check =>
  (value, walk) => {
    if (!isJson(value)) return report(walk, 'expected an object');
    for (const name of required) if (!(name in value)) report(walk, `property ${name} is missing`);
    for (const [name, each] of Object.entries(value)) {
      const check = Object.hasOwn(properties, name) ? properties[name] : undefined;
      if (check) check(each, into(walk, name));
      else report(walk, `unknown property, property: ${name}`);
    }
  };

export const tagOf = (value: unknown): string | undefined => {
  const tag = isJson(value) ? value['tag'] : undefined;
  return typeof tag === 'string' ? tag : undefined;
};
