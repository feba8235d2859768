import type { EpochMs } from '../../../types.ts';

/** Any JSON object; every field is a stranger's until it has been read. */
export type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The value as an object, `undefined` when it is none. */
export const objectOf = (value: unknown): Fields | undefined => (isFields(value) ? value : undefined);

/** The field as a text that is not empty. The platform leaves fields out, sends null and sends `""` for "none". */
export function textOf(fields: Fields | undefined, name: string): string | undefined {
  const value = fields?.[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

export const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** A JSON text's object, `undefined` for anything else. */
export function parseObject(json: string): Fields | undefined {
  try {
    return objectOf(JSON.parse(json));
  } catch {
    return undefined;
  }
}

/** The unit differs by event; seconds, milliseconds and microseconds have 10, 13 and 16 digits until the year 2286. */
const UNITS: Readonly<Record<number, number>> = { 10: 1000, 13: 1, 16: 0.001 };

/** A time as the platform writes it, `undefined` for anything else. */
export function timeOf(digits: string): EpochMs | undefined {
  const unit = UNITS[digits.length];
  return unit === undefined || !/^\d+$/.test(digits) ? undefined : Math.round(Number(digits) * unit);
}
