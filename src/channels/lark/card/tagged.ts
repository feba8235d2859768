/** An object that has a `tag`, which is what the platform counts, and where it stands. */
export interface Tagged {
  readonly element: Readonly<Record<string, unknown>>;
  readonly tag: string;
  readonly path: string;
  /** Tags of what it stands in, outermost first. */
  readonly within: readonly string[];
}

/** Everything tagged in a card, outermost first; what a chart draws and what a button sends is the card's data, not part of it. */
export function taggedIn(value: unknown, path = '', within: readonly string[] = []): readonly Tagged[] {
  if (Array.isArray(value)) return value.flatMap((item, index) => taggedIn(item, `${path}[${index}]`, within));
  if (!isObject(value)) return [];
  const { tag } = value;
  const own = typeof tag === 'string' ? [{ element: value, tag, path, within }] : [];
  const inside = typeof tag === 'string' ? [...within, tag] : within;
  return [
    ...own,
    ...Object.entries(value)
      .filter(([name]) => name !== 'chart_spec' && name !== 'value' && name !== 'rows')
      .flatMap(([name, inner]) => taggedIn(inner, path === '' ? name : `${path}.${name}`, inside)),
  ];
}

/** UTF-8 bytes of the JSON that is sent. */
export const jsonBytes = (value: unknown): number => Buffer.byteLength(JSON.stringify(value) ?? '');

export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
