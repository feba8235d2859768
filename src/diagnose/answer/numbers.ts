/** Numbers that evidence tells, in every unit a person might say them in. */
export interface KnownNumbers {
  /** Whether the evidence has this number, perhaps in another unit or rounded as far as it is written here. */
  has(digits: string, unit: string | undefined): boolean;
}

/** The longest text that is looked through for numbers has some thousands; more are left out. */
const MOST = 50_000;

export function numbersIn(text: string): KnownNumbers {
  const values: number[] = [];
  for (const [, digits = '', unit = ''] of text.matchAll(NUMBER)) {
    if (values.length > MOST) break;
    const value = valueOf(digits);
    values.push(value, ...scalesOf(unit).map((scale) => value * scale));
  }
  const sorted = Float64Array.from(values).toSorted();
  return {
    has: (digits, unit = '') => {
      const value = valueOf(digits);
      const half = 0.5 * 10 ** -(digits.split('.')[1]?.length ?? 0);
      return [1, ...scalesOf(unit)].some((scale) => isNear(sorted, value * scale, half * scale * 1.000001));
    },
  };
}

/** Standing alone: not in a name, a version, a date or a time of day. */
const NUMBER =
  /(?<![\w.:/]|\w-)(\d{1,3}(?:,\d{3}){1,6}(?:\.\d{1,12})?|\d{1,18}(?:\.\d{1,12})?)(?![\d.:/-]*\d)(?:\s?(%|[a-zµ]{1,8}|秒|分钟|分|小时|天|毫秒))?(?!\w)/gi;

const valueOf = (digits: string): number => Number(digits.replaceAll(',', ''));

/** What one of a unit is in bytes, seconds or parts of one; several where people mean several. */
const scalesOf = (unit: string): readonly number[] => SCALES.get(unit.toLowerCase()) ?? [];

const SCALES: ReadonlyMap<string, readonly number[]> = new Map([
  ['%', [0.01]],
  ...both(['k', 'kb', 'kib', 'ki'], 1),
  ...both(['mb', 'mib', 'mi'], 2),
  ...both(['g', 'gb', 'gib', 'gi'], 3),
  ...both(['t', 'tb', 'tib', 'ti'], 4),
  // Mega, minutes, or thousandths of a core.
  ['m', [1e6, 2 ** 20, 60, 0.001]],
  ...same(['ms', '毫秒', 'millisecond', 'milliseconds'], 0.001),
  ...same(['us', 'µs'], 1e-6),
  ...same(['s', 'sec', 'secs', 'second', 'seconds', '秒'], 1),
  ...same(['min', 'mins', 'minute', 'minutes', '分钟', '分'], 60),
  ...same(['h', 'hr', 'hrs', 'hour', 'hours', '小时'], 3600),
  ...same(['d', 'day', 'days', '天'], 86_400),
]);

/** True for a unit that can be told from the rest of a name. */
export const isUnit = (word: string): boolean => SCALES.has(word.toLowerCase());

function both(names: readonly string[], power: number): readonly (readonly [string, readonly number[]])[] {
  return names.map((name) => [name, [1000 ** power, 1024 ** power]] as const);
}

function same(names: readonly string[], scale: number): readonly (readonly [string, readonly number[]])[] {
  return names.map((name) => [name, [scale]] as const);
}

/** In a sorted list, by halving. */
function isNear(sorted: Float64Array, value: number, tolerance: number): boolean {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? 0) < value - tolerance) low = middle + 1;
    else high = middle;
  }
  const found = sorted[low];
  return found !== undefined && found <= value + tolerance;
}
